"""Helpers of tests that run the provider inside their own process."""
