"""The rules that a deposit to a virtual account, or its reversal, can break.

PaymentError
    DepositError
        NoDepositAwaitedError
        AlreadyDepositedError
        AccountClosedError
        DepositAmountError
        NothingDepositedError
        RefundUnderwayError
        RefundedError

A part of the tree of `payments_mock.domain.errors`.
"""

from payments_mock.domain.errors import PaymentError


class DepositError(PaymentError):
    """Money can't be moved to or from a virtual account."""


class NoDepositAwaitedError(DepositError):
    """The payment has no virtual account that was issued."""


class AlreadyDepositedError(DepositError):
    """The deposit was made before."""


class AccountClosedError(DepositError):
    """The account is closed, as it is past its due date or its payment was canceled."""


class DepositAmountError(DepositError):
    """The account takes the amount of its payment, no more and no less."""


class NothingDepositedError(DepositError):
    """There is no deposit to take back."""


class RefundUnderwayError(DepositError):
    """The deposit is on its way back to the shopper."""


class RefundedError(DepositError):
    """The deposit was given back to the shopper."""
