"""Whole lifecycles at a steady share of what the server can do, for long, and what that leaves behind."""
