"""Store a payment, tell of it, and remember for the journal what the call did to it."""

from sqlalchemy import Connection

from payments_mock.domain.payment import Payment, Transaction
from payments_mock.domain.refusal import happened_at
from payments_mock.services.context import Context
from payments_mock.services.outbox import announce_payment
from payments_mock.storage import payments as store
from payments_mock.storage.histories import add_turn


def store_new(
    context: Context, connection: Connection, payment: Payment, movement: Transaction | None = None
) -> None:
    """Store a payment that is new, with the transaction that it begins with.

    Raises:
        OrderHeldError, PaymentKeyTakenError: as `payments_mock.storage.payments.add`.
    """
    store.add(connection, payment, movement)
    announce_payment(context, connection, None, payment)
    context.change.note(None, payment)


def store_changed(
    context: Context,
    connection: Connection,
    before: Payment,
    after: Payment,
    movement: Transaction | None,
) -> bool:
    """Store a payment that changed; returns whether it still was what it was `before`.

    Raises:
        OrderHeldError: as `payments_mock.storage.payments.change`.
    """
    if not store.change(connection, after, movement):
        return False
    if movement is None and after.state is not before.state:
        add_turn(connection, after, happened_at(after, context.now()))
    announce_payment(context, connection, before, after)
    context.change.note(before, after)
    return True
