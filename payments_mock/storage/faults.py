"""Armed faults, how often each struck, and the calls that they hold."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Text,
    bindparam,
    delete,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.faults import (
    ArmedEffect,
    Ending,
    Fault,
    HeldCall,
    HeldEnd,
    HeldFilter,
    Match,
    Moment,
)
from payments_mock.domain.values import immutable
from payments_mock.storage.columns import RowId, UtcTime, enum_as_text, make_table, merchant_id_column
from payments_mock.storage.engine.lending import attempting
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.sandboxes import lock_merchant
from payments_mock.storage.tables import faults, merchants

# Calls that wait for somebody to end them. The process that has a call looks here for its end.
held_calls = make_table(
    "held_calls",
    Column("id", RowId, primary_key=True),
    merchant_id_column(index=True),
    Column("fault", String(100), nullable=False),
    Column("moment", enum_as_text(Moment), nullable=False),
    Column("operation", Text, nullable=False),
    Column("payment_key", String(200)),
    Column("order_id", String(64)),
    Column("amount", BigInteger),
    # By the machine's clock, which nobody moves.
    Column("held_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    # How it ends; null until somebody says so.
    Column("ending", enum_as_text(Ending)),
    Column("status", Integer),
    Column("body", Text),
    # A number is never used again, so that an old one can't end another call.
    sqlite_autoincrement=True,
)

# Every call reads all rules, so they are stored as text, and each text is parsed once.
_select = Prepared(
    select(faults.c.id, type_coerce(faults.c.rule, Text), faults.c.met, faults.c.struck)
    .where(faults.c.merchant_id == bindparam("merchant_id"))
    .order_by(faults.c.id)
)
_of_id = faults.c.id == bindparam("of_id")
_meet = update(faults).where(_of_id).values(met=faults.c.met + 1).returning(faults.c.met)
_strike = update(faults).where(_of_id).values(struck=faults.c.struck + 1).returning(faults.c.struck)

RULES_REMEMBERED: Final = 4096


class FaultNameTakenError(Exception):
    """The merchant has a fault of this name."""


@immutable
class ArmedFault:
    """A fault as it is stored, with how many calls it met and how many it struck."""

    id: int
    fault: Fault
    met: int
    struck: int


def arm(connection: Connection, merchant_id: int, fault: Fault) -> None:
    """Store a fault.

    Raises:
        FaultNameTakenError: the merchant has one of this name.
    """
    lock_merchant(connection, merchant_id)
    values = {"merchant_id": merchant_id, "name": fault.name, "rule": fault, "met": 0, "struck": 0}
    try:
        with attempting(connection):
            connection.execute(insert(faults), values)
    except IntegrityError as error:
        raise FaultNameTakenError from error
    _set_flag(connection, merchant_id, armed=True)


def list_armed(connection: Connection, merchant_id: int) -> list[ArmedFault]:
    """Read a merchant's faults in the order in which they were armed."""
    rows = _select.all(connection, {"merchant_id": merchant_id})
    return [ArmedFault(fault_id, _fault(rule), met, struck) for fault_id, rule, met, struck in rows]


def change(connection: Connection, merchant_id: int, name: str, decide: Callable[[Fault], Fault]) -> bool:
    """Change the merchant's fault of this name as `decide` says; returns whether there is one.

    Whoever else changes it waits until the transaction ends. What `decide` raises leaves it as it is.
    """
    lock_merchant(connection, merchant_id)
    for armed in list_armed(connection, merchant_id):
        if armed.fault.name == name:
            rule = decide(armed.fault)
            connection.execute(update(faults).where(faults.c.id == armed.id).values(rule=rule))
            return True
    return False


def disarm(connection: Connection, merchant_id: int, name: str | None = None) -> int:
    """Remove the merchant's fault of this name, or all of them; returns how many there were."""
    # Without the lock, a fault that is armed after this look would never strike.
    lock_merchant(connection, merchant_id)
    meant = [faults.c.merchant_id == merchant_id]
    if name is not None:
        meant.append(faults.c.name == name)
    # In the same order as calls count them, else the two could deadlock.
    connection.execute(select(faults.c.id).where(*meant).order_by(faults.c.id).with_for_update())
    removed = connection.execute(delete(faults).where(*meant)).rowcount
    _set_flag(connection, merchant_id, armed=bool(list_armed(connection, merchant_id)))
    return removed


def count_meeting(connection: Connection, fault_id: int) -> int | None:
    """Count one more call that the fault met, and return its number; None where the fault was removed."""
    number: int | None = connection.scalar(_meet, {"of_id": fault_id})
    return number


def count_strike(connection: Connection, fault_id: int) -> int:
    """Count one more call that the fault struck, in the transaction that has counted it as met.

    Returns the number of this one.
    """
    return int(connection.execute(_strike, {"of_id": fault_id}).scalar_one())


_HELD = ("fault", "moment", "operation", "payment_key", "order_id", "amount", "held_at", "until")


def add_held(connection: Connection, merchant_id: int, call: HeldCall) -> int:
    """Store a call that is held now; returns its number."""
    values = {name: getattr(call, name) for name in _HELD} | {"merchant_id": merchant_id}
    added: int = connection.execute(insert(held_calls).values(values).returning(held_calls.c.id)).scalar_one()
    return added


def list_held(
    connection: Connection, merchant_id: int, chosen: HeldFilter, machine_now: datetime
) -> list[HeldCall]:
    """Read the calls of a merchant that wait and that nobody has ended yet, the first that came first."""
    columns = [held_calls.c[name] for name in (*_HELD, "id")]
    statement = select(*columns).where(*_that_wait(merchant_id, chosen, machine_now))
    return [HeldCall(*row) for row in connection.execute(statement.order_by(held_calls.c.id))]


def end_held(
    connection: Connection, merchant_id: int, chosen: HeldFilter, end: HeldEnd, machine_now: datetime
) -> int:
    """Store how held calls of a merchant end; returns how many calls these are."""
    values = {"ending": end.ending, "status": end.status, "body": end.body}
    statement = update(held_calls).where(*_that_wait(merchant_id, chosen, machine_now))
    return connection.execute(statement.values(values)).rowcount


def find_held_ends(connection: Connection, held_ids: Collection[int]) -> dict[int, HeldEnd | None]:
    """Read how held calls are to end, None where nobody has said so; those that are gone are left out."""
    columns = (held_calls.c.id, held_calls.c.ending, held_calls.c.status, held_calls.c.body)
    rows = connection.execute(select(*columns).where(held_calls.c.id.in_(held_ids)))
    return {
        held_id: None if ending is None else HeldEnd(ending, status, body)
        for held_id, ending, status, body in rows
    }


def remove_held(connection: Connection, held_id: int) -> None:
    """Forget a call that is held no more."""
    connection.execute(delete(held_calls).where(held_calls.c.id == held_id))


def _that_wait(merchant_id: int, chosen: HeldFilter, machine_now: datetime) -> list[ColumnElement[bool]]:
    """Choose the held calls; a row whose time is over was left by a server that is gone."""
    wanted = {"id": chosen.id, "fault": chosen.fault, "order_id": chosen.order_id}
    same = [held_calls.c[name] == value for name, value in wanted.items() if value is not None]
    is_open = (held_calls.c.ending.is_(None), held_calls.c.until > machine_now)
    return [held_calls.c.merchant_id == merchant_id, *is_open, *same]


def _set_flag(connection: Connection, merchant_id: int, *, armed: bool) -> None:
    connection.execute(update(merchants).where(merchants.c.id == merchant_id).values(has_faults=armed))


@lru_cache(maxsize=RULES_REMEMBERED)
def _fault(rule: str) -> Fault:
    stored: dict[str, Any] = orjson.loads(rule)
    return Fault(
        name=stored["name"],
        match=Match(**stored["match"]),
        moment=Moment(stored["moment"]),
        effect=ArmedEffect(**stored["effect"]),
        times=stored["times"],
        skip=stored["skip"],
        begins_at=_moment(stored.get("begins_at")),
        ends_at=_moment(stored.get("ends_at")),
        is_on=stored.get("is_on", True),
    )


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
