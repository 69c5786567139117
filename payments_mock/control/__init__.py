"""The control API: tests set up and inspect the world around the merchant."""
