"""What the domain knows, in the Toss contract's objects."""
