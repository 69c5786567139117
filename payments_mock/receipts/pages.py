"""All pages of receipts."""

from payments_mock.receipts.cash_receipt_page import show_cash_receipt
from payments_mock.receipts.page import receipts

__all__ = ["receipts", "show_cash_receipt"]
