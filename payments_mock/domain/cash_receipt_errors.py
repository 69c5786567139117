"""The rules that a call about a cash receipt can break.

PaymentError
    CashReceiptError
        CashReceiptInfoError
        CashReceiptExistsError
        CashReceiptNotFoundError
        CashReceiptCanceledError
        CashReceiptAmountError

A part of the tree of `payments_mock.domain.errors`.
"""

from payments_mock.domain.errors import PaymentError


class CashReceiptError(PaymentError):
    """A rule of cash receipts is broken."""


class CashReceiptInfoError(CashReceiptError):
    """The number that tells whose the receipt is can't be one."""


class CashReceiptExistsError(CashReceiptError):
    """The order has a cash receipt that was not canceled."""


class CashReceiptNotFoundError(CashReceiptError):
    """The merchant has issued no such receipt."""


class CashReceiptCanceledError(CashReceiptError):
    """The receipt is canceled in full."""


class CashReceiptAmountError(CashReceiptError):
    """More was to be canceled than is left of the receipt."""
