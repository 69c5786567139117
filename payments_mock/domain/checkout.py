"""What happens in the payment window before the merchant confirms: it opens, and the shopper acts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from payments_mock.domain.errors import CheckoutOverError
from payments_mock.domain.methods import Instruments, Method
from payments_mock.domain.payment import Payment
from payments_mock.domain.states import Event, State

TIME_TO_AUTHENTICATE = timedelta(minutes=30)
"""How long the window waits for the shopper."""

TIME_TO_CONFIRM = timedelta(minutes=10)
"""How long the merchant has to confirm then (the approval guide: within 10 minutes)."""

LONGEST_URL = 2000
"""How many characters an address of the merchant's may have, wherever it is given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the shopper decided to pay; `decline_code` is why the issuer is going to refuse, if it is."""

    method: Method
    instruments: Instruments
    decline_code: str | None = None


def check_open(payment: Payment) -> None:
    """Refuse to let the shopper act twice, or too late.

    Raises:
        CheckoutOverError: the payment does not wait for its shopper.
    """
    if payment.state is not State.INITIATED:
        raise CheckoutOverError(f"the shopper can't act any more: the payment is {payment.state}")


def authenticate(payment: Payment, choice: Choice, at: datetime) -> Payment:
    """Return the payment as authenticated by the shopper at `at`, waiting for the merchant."""
    return payment.after(
        Event.AUTHENTICATE,
        method=choice.method,
        instruments=choice.instruments,
        decline_code=choice.decline_code,
        expires_at=at + TIME_TO_CONFIRM,
    )
