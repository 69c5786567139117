"""Operations of faults."""
