"""Whether lists stay fast where much is stored."""
