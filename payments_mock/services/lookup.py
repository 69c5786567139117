"""Find what is known of a payment, a merchant's own only."""

from payments_mock.domain.errors import PaymentNotFoundError
from payments_mock.domain.payment import Payment
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment
from payments_mock.storage import payments as store
from payments_mock.storage.database import reading


def find_payment(context: Context, payment_key: str) -> Payment:
    """Return the payment under `payment_key`.

    Raises:
        PaymentNotFoundError: the merchant has none.
    """
    with reading() as connection:
        payment = store.find_by_key(connection, context.merchant.id, payment_key)
    return _as_of_now(context, payment, f"no payment has the paymentKey {payment_key}")


def find_payment_of_order(context: Context, order_id: str) -> Payment:
    """Return the payment that stands for an order: the approved one, else the newest.

    Raises:
        PaymentNotFoundError: the merchant has none.
    """
    with reading() as connection:
        payment = store.find_by_order(connection, context.merchant.id, order_id)
    return _as_of_now(context, payment, f"no payment has the orderId {order_id}")


def _as_of_now(context: Context, payment: Payment | None, otherwise: str) -> Payment:
    if payment is None:
        raise PaymentNotFoundError(otherwise)
    if payment.is_due(context.now()):
        return change_payment(context, payment.payment_key, lambda _: None)
    context.change.note(payment, payment)
    return payment
