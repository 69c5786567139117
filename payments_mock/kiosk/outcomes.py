"""How a press of a button ended: the order as it is now, and what went wrong, if anything did."""

from dataclasses import dataclass
from enum import StrEnum

from payments_mock.kiosk.provider_answers import Charge, NotSent, Refused, Unknown, describe
from payments_mock.kiosk.tables import Order


class FailureCode(StrEnum):
    """Why nothing was charged, or nothing refunded. Unknown outcomes are no failures."""

    PAYMENT_REFUSED = "PAYMENT_REFUSED"
    REFUND_REFUSED = "REFUND_REFUSED"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"


@dataclass(frozen=True)
class Failure:
    """A definite failure: the money has not moved."""

    code: FailureCode
    message: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """The order after a press."""

    order: Order
    failure: Failure | None = None


def payment_refused(code: str, message: str) -> Failure:
    """Say that the provider refused to charge."""
    text = "The payment was refused; nothing was charged. The order can be paid again."
    return Failure(FailureCode.PAYMENT_REFUSED, text, f"{code}: {message}")


def refund_refused(refused: Refused) -> Failure:
    """Say that the provider refused to refund."""
    text = "The refund was refused; the order stays paid."
    return Failure(FailureCode.REFUND_REFUSED, text, f"{refused.code}: {refused.message}")


def provider_unavailable(answer: Refused | NotSent | Unknown, consequence: str) -> Failure:
    """Say that the provider could not do it, and what follows for the money."""
    text = f"The payment provider is not available; {consequence}. Please try again."
    return Failure(FailureCode.PROVIDER_UNAVAILABLE, text, describe(answer))


def charge_of(order: Order) -> Charge:
    """Return what is asked of the provider for the order's latest payment."""
    return Charge(order.payments[-1].payment_key, order.id, order.amount)
