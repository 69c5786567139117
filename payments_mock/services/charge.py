"""Charge without a payment window: the merchant has the card, or asks for an account to be opened."""

from dataclasses import replace

from payments_mock.domain.checkout import Choice, authenticate
from payments_mock.domain.errors import OrderAlreadyPaidError
from payments_mock.domain.limits import check_chargeable, check_positive
from payments_mock.domain.payment import Payment
from payments_mock.domain.refusal import abort
from payments_mock.services.approval import approve_now
from payments_mock.services.context import Context
from payments_mock.services.recording import store_new
from payments_mock.storage import payments as store
from payments_mock.storage.database import writing


def charge(context: Context, payment: Payment, choice: Choice) -> Payment:
    """Charge a new payment at once in the way of `choice`; an issuer's refusal stores it as aborted.

    By virtual account, it then waits for its deposit.

    Raises:
        AmountNotPositiveError, AmountTooSmallError, InstallmentError: the method does not take it.
        OrderAlreadyPaidError: another payment holds the order.
    """
    check_positive(payment.total_amount)
    ready = authenticate(payment, choice, context.now())
    check_chargeable(ready)
    if choice.decline_code is not None:
        charged, movement = abort(ready, choice.decline_code), None
    else:
        charged, movement = approve_now(context, ready)
    try:
        with writing() as connection:
            store_new(context, connection, replace(charged, revision=0), movement)
    except store.OrderHeldError:
        raise OrderAlreadyPaidError(f"the order {payment.order_id} is paid for already") from None
    return charged
