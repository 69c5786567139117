"""The receipt page that `receipt.url` opens."""

from payments_mock.receipts.links import public_base, receipt_url
from payments_mock.receipts.page import receipts

__all__ = ["public_base", "receipt_url", "receipts"]
