"""The kiosk contract, of the integration guide."""
