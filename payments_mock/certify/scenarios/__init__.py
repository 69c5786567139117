"""The scenarios: one short script each, grouped by what goes wrong."""
