"""The faults that are armed, and how often each struck."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Text, bindparam, delete, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.faults import ArmedEffect, Fault, Match, Moment
from payments_mock.storage.engine.database import attempting
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.sandboxes import lock_merchant
from payments_mock.storage.tables import faults, merchants

# Each call reads them all, so a rule stays text here, and is understood once.
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


@dataclass(frozen=True, slots=True)
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


def disarm(connection: Connection, merchant_id: int, name: str | None = None) -> int:
    """Remove the merchant's fault of this name, or all of them; returns how many there were."""
    # Without the lock, somebody may arm a fault behind this look at what is left, and it would never strike.
    lock_merchant(connection, merchant_id)
    statement = delete(faults).where(faults.c.merchant_id == merchant_id)
    removed = connection.execute(
        statement if name is None else statement.where(faults.c.name == name)
    ).rowcount
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
    )


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
