"""The control API: what a test decides about the world around the merchant."""
