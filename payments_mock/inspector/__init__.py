"""The inspector: what happened to each order, live, in a browser."""
