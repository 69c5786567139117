"""The receipt page that `receipt.url` opens."""

from payments_mock.receipts.links import receipt_url
from payments_mock.receipts.page import receipts

__all__ = ["receipt_url", "receipts"]
