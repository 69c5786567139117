"""What goes over the wire in the Toss contract; the OpenAPI document is made from these."""
