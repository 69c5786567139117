"""Arm faults, and find out which of them strike a call."""

from collections.abc import Sequence

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.faults import Fault, Moment, RequestFacts, Strike
from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import Context
from payments_mock.storage import faults as store
from payments_mock.storage.engine.database import reading, writing
from payments_mock.storage.faults import ArmedFault


class FaultNotFoundError(PaymentError):
    """The sandbox has no fault of this name."""


class FaultTakenError(PaymentError):
    """The sandbox has a fault of this name."""


def arm_fault(merchant: Merchant, fault: Fault) -> ArmedFault:
    """Arm a fault in the merchant's sandbox.

    Raises:
        FaultTakenError: there is one of this name.
    """
    try:
        with writing() as connection:
            store.arm(connection, merchant.id, fault)
    except store.FaultNameTakenError:
        raise FaultTakenError(f"there is a fault {fault.name} already; remove it first") from None
    return find_fault(merchant, fault.name)


def list_faults(merchant: Merchant) -> list[ArmedFault]:
    """Return the faults of the merchant's sandbox, with how often each met a call and struck."""
    with reading() as connection:
        return store.list_armed(connection, merchant.id)


def find_fault(merchant: Merchant, name: str) -> ArmedFault:
    """Return the fault of this name.

    Raises:
        FaultNotFoundError: there is none.
    """
    for armed in list_faults(merchant):
        if armed.fault.name == name:
            return armed
    raise FaultNotFoundError(f"there is no fault {name}")


def disarm_fault(merchant: Merchant, name: str) -> None:
    """Remove the fault of this name.

    Raises:
        FaultNotFoundError: there is none.
    """
    with writing() as connection:
        if store.disarm(connection, merchant.id, name) == 0:
            raise FaultNotFoundError(f"there is no fault {name}")


def disarm_all_faults(merchant: Merchant) -> int:
    """Remove all faults of the sandbox; returns how many there were."""
    with writing() as connection:
        return store.disarm(connection, merchant.id)


def strikes_on(context: Context, moment: Moment, facts: RequestFacts) -> list[Strike]:
    """Count a call at a moment, and return the faults that strike it, in the order they were armed."""
    if not context.merchant.has_faults:
        return []
    now = context.now()
    with reading() as connection:
        meeting = [
            armed
            for armed in store.list_armed(connection, context.merchant.id)
            if armed.fault.moment is moment and armed.fault.meets(facts, now)
        ]
    # A call that meets none waits for nobody who writes.
    return _count(meeting) if meeting else []


def _count(meeting: Sequence[ArmedFault]) -> list[Strike]:
    """Count a call that these faults met, and return those that strike it."""
    strikes = []
    with writing() as connection:
        for armed in meeting:
            number = store.count_meeting(connection, armed.id)
            if number is not None and armed.fault.strikes(number):
                strikes.append(Strike(armed.fault, store.count_strike(connection, armed.id)))
    return strikes
