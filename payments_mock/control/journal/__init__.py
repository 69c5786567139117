"""Operations of the journal."""
