"""Cancel a payment: the shopper gets the money back."""

from payments_mock.domain.cancellation import cancel_whole, check_cancelable, check_whole
from payments_mock.domain.payment import Payment, Transaction, TransactionKind
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment


def cancel_payment(context: Context, payment_key: str, reason: str, amount: int | None = None) -> Payment:
    """Cancel the whole payment; `amount` (KRW), when given, must be the whole.

    Raises:
        PaymentNotFoundError, AlreadyCanceledError, NotApprovedError, PartialCancelError: as named; nothing
            was changed.
    """

    def decide(payment: Payment) -> tuple[Payment, Transaction]:
        check_cancelable(payment)
        check_whole(payment, amount)
        now, key = context.now(), context.ids.transaction_key()
        movement = Transaction(key, TransactionKind.CANCEL, payment.balance_amount, now, reason)
        return cancel_whole(payment, reason, now, key), movement

    return change_payment(context, payment_key, decide)
