"""The wire contracts, each presented from the same domain."""
