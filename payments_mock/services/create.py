"""Create a payment ahead of its confirmation, as the kiosk contract does."""

from payments_mock.domain.payment import Payment
from payments_mock.domain.states import State
from payments_mock.services.context import Context
from payments_mock.services.recording import store_new
from payments_mock.storage import payments as store
from payments_mock.storage.database import reading, writing


def create_payment(context: Context, payment_key: str, order_id: str, amount: int) -> Payment:
    """Store a payment of `amount` KRW, or return the one that the merchant has under this key as it is.

    A known key wins over other values (the integration guide: create is idempotent); a difference
    shows when the payment is confirmed.
    """
    merchant_id = context.merchant.id
    with reading() as connection:
        known = store.find_by_key(connection, merchant_id, payment_key)
    if known is not None:
        context.change.note(known, known)
        return known
    payment = Payment(
        merchant_id=merchant_id,
        payment_key=payment_key,
        order_id=order_id,
        total_amount=amount,
        balance_amount=amount,
        state=State.AUTHENTICATED,
        requested_at=context.now(),
        receipt_token=context.ids.receipt_token(merchant_id),
    )
    try:
        with writing() as connection:
            store_new(context, connection, payment)
    except store.PaymentKeyTakenError:
        return create_payment(context, payment_key, order_id, amount)
    return payment
