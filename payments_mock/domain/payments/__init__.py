"""Payments: their states, methods, limits, confirmation and cancellation."""
