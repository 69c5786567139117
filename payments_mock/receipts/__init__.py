"""The receipt page that `receipt.url` opens."""

from payments_mock.receipts.cash_receipt_page import show_cash_receipt
from payments_mock.receipts.links import public_base, receipt_url
from payments_mock.receipts.page import receipts

__all__ = ["public_base", "receipt_url", "receipts", "show_cash_receipt"]
