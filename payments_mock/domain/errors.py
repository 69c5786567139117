"""The tree of rules that a call can break.

PaymentError
    PaymentNotFoundError
    PaymentMismatchError
    OrderAlreadyPaidError
    AlreadyApprovedError
    AlreadyCanceledError
    NotApprovedError
    PaymentAbortedError
    PaymentExpiredError
    PartialCancelError

None carries a status or a wire code: each contract maps the tree in one table of its own. An outcome
of a good call, such as a declined card, is a state of the payment and not an error.
"""


class PaymentError(Exception):
    """A call that breaks a rule of payments; nothing was changed."""


class PaymentNotFoundError(PaymentError):
    """The merchant has no payment under that payment key or order."""


class PaymentMismatchError(PaymentError):
    """The order or the amount is not the one that the payment was made with."""


class OrderAlreadyPaidError(PaymentError):
    """Another payment of the same order is approved."""


class AlreadyApprovedError(PaymentError):
    """The payment was confirmed before."""


class AlreadyCanceledError(PaymentError):
    """The payment is canceled in full."""


class NotApprovedError(PaymentError):
    """The payment is not approved, so there is nothing to cancel."""


class PaymentAbortedError(PaymentError):
    """The payment was refused earlier and can't be confirmed any more.

    `code` and `reason` are those of the refusal.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class PaymentExpiredError(PaymentError):
    """The time to confirm the payment has run out."""


class PartialCancelError(PaymentError):
    """A part of the payment was to be canceled where only the whole can be."""
