"""A small merchant that gets all of it right; `mutants` get one thing wrong each."""
