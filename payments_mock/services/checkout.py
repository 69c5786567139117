"""Open a checkout, and let the shopper authenticate or fail in it."""

from payments_mock.domain.checkout import Choice, authenticate, check_open
from payments_mock.domain.errors import OrderAlreadyPaidError
from payments_mock.domain.limits import check_positive
from payments_mock.domain.payment import Payment
from payments_mock.domain.refusal import abort, expire
from payments_mock.services.context import Context
from payments_mock.services.new_payment import PaymentOrder, new_payment
from payments_mock.services.recording import store_new
from payments_mock.services.transition import change_payment
from payments_mock.storage import payments as store
from payments_mock.storage.database import reading, writing


def open_checkout(context: Context, order: PaymentOrder) -> Payment:
    """Store a payment that waits for its shopper, under a new payment key.

    Raises:
        AmountNotPositiveError: nothing is to be paid.
        TaxFreeAmountError: more is untaxed than is to be paid, or less than nothing.
        OrderAlreadyPaidError: the order is paid for already.
    """
    check_positive(order.amount)
    check_order_free(context, order.order_id)
    payment = new_payment(context, order)
    with writing() as connection:
        store_new(context, connection, payment)
    return payment


def authenticate_payment(context: Context, payment_key: str, choice: Choice) -> Payment:
    """Let the shopper agree to pay in the way chosen; the charge comes with the confirm.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """

    def decide(payment: Payment) -> tuple[Payment, None]:
        check_open(payment)
        return authenticate(payment, choice, context.now()), None

    return change_payment(context, payment_key, decide)


def abort_payment(context: Context, payment_key: str, code: str) -> Payment:
    """Let the payment fail in the window, for the reason that `code` names.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """

    def decide(payment: Payment) -> tuple[Payment, None]:
        check_open(payment)
        return abort(payment, code), None

    return change_payment(context, payment_key, decide)


def expire_payment(context: Context, payment_key: str) -> Payment:
    """Let the shopper's time run out now.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """

    def decide(payment: Payment) -> tuple[Payment, None]:
        check_open(payment)
        return expire(payment), None

    return change_payment(context, payment_key, decide)


def check_order_free(context: Context, order_id: str) -> None:
    """Refuse an order that another payment holds.

    Raises:
        OrderAlreadyPaidError: one does.
    """
    with reading() as connection:
        if store.is_order_held(connection, context.merchant.id, order_id):
            raise OrderAlreadyPaidError(f"the order {order_id} is paid for already")
