"""Look at the payments of a sandbox from outside: all of them, or one with every step that it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from payments_mock.domain.payment import Payment, Transaction
from payments_mock.domain.states import State
from payments_mock.services.context import Context
from payments_mock.services.due import expire_due
from payments_mock.services.lookup import find_payment
from payments_mock.storage import histories as store
from payments_mock.storage.database import reading
from payments_mock.storage.histories import PaymentFilter


def list_payments(context: Context, chosen: PaymentFilter, limit: int) -> list[Payment]:
    """Return the first `limit` payments that a filter chooses as they stand now, the oldest first."""
    expire_due(context)
    with reading() as connection:
        return store.list_payments(connection, context.merchant.id, chosen, limit)


@dataclass(frozen=True, slots=True)
class History:
    """A payment, its transactions, the oldest first, and when it came into states that none of them tells."""

    payment: Payment
    movements: Sequence[Transaction]
    turns: Mapping[State, datetime]


def find_history(context: Context, payment_key: str) -> History:
    """Return a payment as it stands now, with the steps that it took.

    Raises:
        PaymentNotFoundError: the sandbox has no such payment.
    """
    payment = find_payment(context, payment_key)
    with reading() as connection:
        movements = store.list_transactions(connection, payment.id)
        return History(payment, movements, store.find_turns(connection, payment.id))
