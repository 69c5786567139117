"""Stored webhooks: where merchants listen, the deliveries, and who makes them."""
