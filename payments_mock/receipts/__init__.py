"""The receipt pages that `receipt.url` and its like open, and the links to them."""
