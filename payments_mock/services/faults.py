"""Arm faults, find out which of them strike a call, and end the calls that they hold."""

import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.faults import (
    LET_GO,
    Fault,
    HeldCall,
    HeldEnd,
    HeldFilter,
    Moment,
    RequestFacts,
    Strike,
)
from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import Context
from payments_mock.storage import faults as store
from payments_mock.storage.columns import storable
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.prepared import OUTAGES
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


def change_fault(
    database: Database, merchant: Merchant, name: str, decide: Callable[[Fault], Fault]
) -> ArmedFault:
    """Change the fault of this name as `decide` says; what it has counted stays.

    Raises:
        FaultNotFoundError: there is none.
    """
    with database.transaction_on_merchants() as connection:
        if not store.change(connection, merchant.id, name, decide):
            raise FaultNotFoundError(f"there is no fault {name}")
    return find_fault(database, merchant, name)


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
    # A call that matches no fault need not wait for a writer's turn.
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


class HeldCallNotFoundError(PaymentError):
    """The sandbox holds no such call, or no longer."""


def hold_call(
    context: Context,
    fault_name: str,
    moment: Moment,
    facts: RequestFacts,
    seconds: float,
    connection: Connection | None = None,
) -> int:
    """Store that a call is held for at most this long; returns its number.

    The connection is that of the transaction that the call runs in, if any.
    """
    now = context.clock()
    key, order_id = storable(facts.payment_key, 200), storable(facts.order_id, 64)
    until = now + timedelta(seconds=seconds)
    call = HeldCall(fault_name, moment, facts.operation, key, order_id, facts.amount, now, until)
    if connection is not None:
        return store.add_held(connection, context.merchant.id, call)
    with context.database.transaction() as own:
        return store.add_held(own, context.merchant.id, call)


def list_held_calls(context: Context, chosen: HeldFilter) -> list[HeldCall]:
    """Return the calls of the sandbox that are held, the first that came first."""
    with context.database.connection() as connection:
        return store.list_held(connection, context.merchant.id, chosen, context.clock())


def end_held_calls(context: Context, chosen: HeldFilter, end: HeldEnd) -> int:
    """End the wait of held calls; returns of how many.

    Raises:
        HeldCallNotFoundError: one was meant by its number, and it does not wait.
    """
    with context.database.transaction() as connection:
        ended = store.end_held(connection, context.merchant.id, chosen, end, context.clock())
    if chosen.id is not None and ended == 0:
        raise HeldCallNotFoundError(f"no call {chosen.id} is held")
    return ended


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
    """Count a call that matches these faults, and return those that strike it."""
    strikes = []
    for armed in meeting:
        number = store.count_meeting(connection, armed.id)
        if number is not None and armed.fault.strikes(number):
            strikes.append(Strike(armed.fault, store.count_strike(connection, armed.id)))
    return strikes


LOOK_SECONDS: Final = 0.1
"""The time between two looks for ends that other processes were told."""

_log = logging.getLogger(__name__)


class HeldWait:
    """One call that waits, for `seconds` at most; `end` says how that ended."""

    def __init__(self, held_calls: "HeldCalls", number: int, seconds: float) -> None:
        self.seconds = seconds
        self.then: Callable[[], None] | None = None
        self._held_calls = held_calls
        self._number = number
        self._end: HeldEnd | None = None
        self._wake: Callable[[], None] | None = None

    @property
    def end(self) -> HeldEnd:
        """How it was ended; a call that nobody ends is let go."""
        return self._end or LET_GO

    @property
    def is_over(self) -> bool:
        """Whether somebody has ended it."""
        return self._end is not None

    def on_end(self, wake: Callable[[], None]) -> None:
        """Have `wake` called when somebody ends it, from another thread."""
        self._wake = wake
        self._held_calls.add(self._number, self)

    def finish(self, end: HeldEnd) -> None:
        """End it."""
        self._end = end
        if self._wake is not None:
            self._wake()

    def release(self) -> None:
        """Forget it, as nobody waits any more, and call `then`."""
        then, self.then = self.then, None
        # If the database is away, a row stays, which is ignored once its time is over.
        with contextlib.suppress(*OUTAGES):
            self._held_calls.remove(self._number)
            if then is not None:
                then()


class HeldCalls:
    """Looks for all calls that are held in this process, and sleeps while none is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._process: int | None = None
        self._waits: dict[int, HeldWait] = {}
        self._has_waits = Event()
        self._has_news = Event()

    def add(self, number: int, wait: HeldWait) -> None:
        """Look from now on whether somebody ends a wait, whose row is committed."""
        with self._lock:
            if self._process != os.getpid():
                self._process, self._waits = os.getpid(), {}
                Thread(target=self._keep_looking, name="held calls", daemon=True).start()
            self._waits[number] = wait
        self._has_waits.set()

    def remove(self, number: int) -> None:
        """Forget a wait, and its row."""
        with self._lock:
            self._waits.pop(number, None)
        with self._database.transaction() as connection:
            store.remove_held(connection, number)

    def look_now(self) -> None:
        """Look at once, as this process was told of an end."""
        if self._waits:
            self._has_news.set()

    def _keep_looking(self) -> None:
        while True:
            self._has_waits.wait()
            self._has_waits.clear()
            while self._waits:
                self._has_news.wait(LOOK_SECONDS)
                self._has_news.clear()
                self._look()

    def _look(self) -> None:
        with self._lock:
            waits = dict(self._waits)
        try:
            with self._database.connection() as connection:
                ends = store.find_held_ends(connection, waits)
        except SQLAlchemyError as error:
            _log.warning("held calls: tried again in a moment: %s", error.__class__.__name__)
            return
        for number, wait in waits.items():
            # A call without a row is of a sandbox that was reset or deleted.
            end = ends.get(number, LET_GO)
            if end is not None and not wait.is_over:
                wait.finish(end)
