"""What both contracts share of HTTP: who calls, which operation, what body, and the answer."""
