"""Cancel a payment: the shopper gets the money back."""

from payments_mock.domain.cancellation import CancelOrder, cancel
from payments_mock.domain.payment import Payment
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment


def cancel_payment(context: Context, payment_key: str, order: CancelOrder) -> Payment:
    """Cancel the payment, or a part of it, as `order` asks.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        PaymentError: what `payments_mock.domain.cancellation.cancel` raises; nothing was changed.
    """
    return change_payment(
        context,
        payment_key,
        lambda payment: cancel(payment, order, context.now(), context.ids.transaction_key()),
    )
