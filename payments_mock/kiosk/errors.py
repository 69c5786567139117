"""Calls that the kiosk refuses, and presses of a button that failed for good.

::

    KioskError
    ├── InvalidInputError        what was sent breaks a rule; names the fields
    ├── OrderNotFoundError       there is no such order
    ├── OrderNotPayableError     the order is paid by another payment, refunded, or on its way there
    ├── OrderNotRefundableError  the order is not paid
    ├── OutOfStockError          fewer pieces are left than were wanted
    ├── SeatTakenError           a seat is somebody else's
    ├── AmountMismatchError      another amount than the order's is to be confirmed
    ├── PaymentKeyInUseError     the payment belongs to another order
    ├── WindowRequiredError      the shopper has to pay in the provider's window first
    ├── NoSuchPaymentError       no payment is meant
    ├── AmbiguousPaymentError    more than one payment may be meant
    └── NotKnownYetError         what a webhook is about cannot be looked up now
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from payments_mock.kiosk.provider.answers import NotSent, Refused, Unknown, describe

FieldErrors = Mapping[str, Sequence[str]]
"""Reasons by field; a nested field is written as a path, such as `items.0.quantity`."""


class KioskError(Exception):
    """Base of every refusal; `code` is stable, the message is for people."""

    code = "KIOSK_ERROR"

    def __init__(self, message: str, errors: FieldErrors | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors


class InvalidInputError(KioskError):
    """What was sent breaks a rule."""

    code = "INVALID_REQUEST"


class OrderNotFoundError(KioskError):
    """There is no order of that id."""

    code = "NOT_FOUND"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order {order_id}.")


class OrderNotPayableError(KioskError):
    """A refunded order, or one being refunded, cannot be paid again."""

    code = "ORDER_NOT_PAYABLE"


class OrderNotRefundableError(KioskError):
    """Only a paid order can be refunded."""

    code = "ORDER_NOT_REFUNDABLE"


class OutOfStockError(KioskError):
    """Fewer pieces are left than the order wants."""

    code = "OUT_OF_STOCK"


class SeatTakenError(KioskError):
    """A seat is somebody else's."""

    code = "SEAT_TAKEN"


class AmountMismatchError(KioskError):
    """The amount to confirm is not the order's; the provider was not asked."""

    code = "AMOUNT_MISMATCH"


class PaymentKeyInUseError(KioskError):
    """The payment key is of another order's payment; the provider was not asked."""

    code = "PAYMENT_KEY_TAKEN"


class WindowRequiredError(KioskError):
    """On the toss contract nothing can be charged before the shopper was in the provider's window."""

    code = "PAYMENT_WINDOW_REQUIRED"


class NoSuchPaymentError(KioskError):
    """There is no payment that could be shown or canceled."""

    code = "PAYMENT_NOT_FOUND"


class AmbiguousPaymentError(KioskError):
    """More than one payment may be meant, and none is touched."""

    code = "AMBIGUOUS_PAYMENT"


class NotKnownYetError(KioskError):
    """The provider can't tell now what became of an order, or another request acts on it: send it again."""

    code = "NOT_KNOWN_YET"


class FailureCode(StrEnum):
    """Why nothing was charged, or nothing refunded. An unknown outcome is not a failure."""

    PAYMENT_REFUSED = "PAYMENT_REFUSED"
    REFUND_REFUSED = "REFUND_REFUSED"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"


@dataclass(frozen=True)
class PressFailure:
    """A definite failure: the money has not moved."""

    code: FailureCode
    message: str
    reason: str


def payment_refused(code: str, message: str) -> PressFailure:
    """Say that the provider refused to charge."""
    text = "The payment was refused; nothing was charged. The order can be paid again."
    return PressFailure(FailureCode.PAYMENT_REFUSED, text, f"{code}: {message}")


def refund_refused(refused: Refused) -> PressFailure:
    """Say that the provider refused to refund."""
    text = "The refund was refused; the order stays paid."
    return PressFailure(FailureCode.REFUND_REFUSED, text, f"{refused.code}: {refused.message}")


def provider_unavailable(answer: Refused | NotSent | Unknown, consequence: str) -> PressFailure:
    """Say that the provider could not do it, and where the money is."""
    text = f"The payment provider is not available; {consequence}. Please try again."
    return PressFailure(FailureCode.PROVIDER_UNAVAILABLE, text, describe(answer))
