"""Let the time of a payment run out now."""

from payments_mock.domain.errors import CheckoutOverError
from payments_mock.domain.payment import EXPIRING_STATES, Payment
from payments_mock.domain.refusal import expire
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment


def expire_now(context: Context, payment_key: str) -> Payment:
    """Store a payment that is not approved yet as expired, whatever the clock says.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: it is approved, or over, or expired already.
    """

    def decide(payment: Payment) -> tuple[Payment, None]:
        if payment.state not in EXPIRING_STATES:
            raise CheckoutOverError(f"the time can't run out any more: the payment is {payment.state}")
        return expire(payment), None

    return change_payment(context, payment_key, decide)
