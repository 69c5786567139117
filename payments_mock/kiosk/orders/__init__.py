"""The life of an order: placed, paid, refunded, and settled where nobody knows."""
