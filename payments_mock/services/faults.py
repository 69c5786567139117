"""Arm faults, and find out which of them strike a call."""

from collections.abc import Sequence

from sqlalchemy import Connection

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.faults import Fault, Moment, RequestFacts, Strike
from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import Context
from payments_mock.storage import faults as store
from payments_mock.storage.engine.database import Database
from payments_mock.storage.faults import ArmedFault


class FaultNotFoundError(PaymentError):
    """The sandbox has no fault of this name."""


class FaultTakenError(PaymentError):
    """The sandbox has a fault of this name."""


def arm_fault(database: Database, merchant: Merchant, fault: Fault) -> ArmedFault:
    """Arm a fault in the merchant's sandbox.

    Raises:
        FaultTakenError: there is one of this name.
    """
    try:
        with database.transaction_on_merchants() as connection:
            store.arm(connection, merchant.id, fault)
    except store.FaultNameTakenError:
        raise FaultTakenError(f"there is a fault {fault.name} already; remove it first") from None
    return find_fault(database, merchant, fault.name)


def list_faults(database: Database, merchant: Merchant) -> list[ArmedFault]:
    """Return the faults of the merchant's sandbox, with how often each met a call and struck."""
    with database.connection() as connection:
        return store.list_armed(connection, merchant.id)


def find_fault(database: Database, merchant: Merchant, name: str) -> ArmedFault:
    """Return the fault of this name.

    Raises:
        FaultNotFoundError: there is none.
    """
    for armed in list_faults(database, merchant):
        if armed.fault.name == name:
            return armed
    raise FaultNotFoundError(f"there is no fault {name}")


def disarm_fault(database: Database, merchant: Merchant, name: str) -> None:
    """Remove the fault of this name.

    Raises:
        FaultNotFoundError: there is none.
    """
    with database.transaction_on_merchants() as connection:
        if store.disarm(connection, merchant.id, name) == 0:
            raise FaultNotFoundError(f"there is no fault {name}")


def disarm_all_faults(database: Database, merchant: Merchant) -> int:
    """Remove all faults of the sandbox; returns how many there were."""
    with database.transaction_on_merchants() as connection:
        return store.disarm(connection, merchant.id)


def strikes_on(context: Context, moment: Moment, facts: RequestFacts) -> list[Strike]:
    """Count a call at a moment, and return the faults that strike it, in the order they were armed."""
    if not context.merchant.has_faults:
        return []
    with context.database.connection() as connection:
        meeting = _meeting(context, connection, moment, facts)
    # A call that meets none waits for nobody who writes.
    if not meeting:
        return []
    with context.database.transaction() as connection:
        return _count(connection, meeting)


def strikes_within(
    context: Context, connection: Connection, moment: Moment, facts: RequestFacts
) -> list[Strike]:
    """Count a call as `strikes_on` does, in the transaction that the call runs in."""
    if not context.merchant.has_faults:
        return []
    meeting = _meeting(context, connection, moment, facts)
    return _count(connection, meeting) if meeting else []


def _meeting(
    context: Context, connection: Connection, moment: Moment, facts: RequestFacts
) -> list[ArmedFault]:
    now = context.now()
    return [
        armed
        for armed in store.list_armed(connection, context.merchant.id)
        if armed.fault.moment is moment and armed.fault.meets(facts, now)
    ]


def _count(connection: Connection, meeting: Sequence[ArmedFault]) -> list[Strike]:
    """Count a call that these faults met, and return those that strike it."""
    strikes = []
    for armed in meeting:
        number = store.count_meeting(connection, armed.id)
        if number is not None and armed.fault.strikes(number):
            strikes.append(Strike(armed.fault, store.count_strike(connection, armed.id)))
    return strikes
