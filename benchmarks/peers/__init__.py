"""payments-mock beside another mock of a payment provider, which keeps everything in memory."""
