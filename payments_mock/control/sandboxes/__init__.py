"""Operations of sandboxes and their clocks."""
