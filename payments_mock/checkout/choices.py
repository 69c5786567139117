"""Turn what a shopper picked into the choice that a payment is authenticated with."""

from payments_mock.domain.checkout import Choice
from payments_mock.domain.instrument_choice import InstrumentChoice, instruments_for
from payments_mock.domain.payment import Payment
from payments_mock.services.context import Context


def make_choice(
    context: Context, payment: Payment, chosen: InstrumentChoice, decline_code: str | None
) -> Choice:
    """Return the choice, with instruments for `payment`; `decline_code` is why its confirm is to fail."""
    number = f"X{context.ids.digits(13)}"
    instruments = instruments_for(chosen, payment.total_amount, context.now(), number)
    return Choice(chosen.method, instruments, decline_code)
