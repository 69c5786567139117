"""The Toss contract: the core API as real clients know it."""
