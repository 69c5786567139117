"""Pay a sale out to the merchant before its time."""

from dataclasses import replace

from payments_mock.domain.errors import NotApprovedError
from payments_mock.domain.payment import Payment
from payments_mock.domain.states import PAID_STATES
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment


def settle_payment(context: Context, payment_key: str) -> Payment:
    """Mark a payment as settled, after which it can't be canceled; once is as good as twice.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        NotApprovedError: nothing was paid.
    """

    def decide(payment: Payment) -> tuple[Payment, None] | None:
        if payment.state not in PAID_STATES:
            raise NotApprovedError("the payment is not approved, so there is nothing to settle")
        if payment.settled_at is not None:
            return None
        return replace(payment, settled_at=context.now(), revision=payment.revision + 1), None

    return change_payment(context, payment_key, decide)
