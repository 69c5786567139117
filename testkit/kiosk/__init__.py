"""The sample kiosk as a test meets it: screens, shoppers, and a line to the provider that can break."""
