"""The faults that are armed, and how often each struck."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.faults import Effect, EffectKind, Fault, Match, Moment
from payments_mock.storage.database import attempting
from payments_mock.storage.tables import faults, merchants

_select = (
    select(faults.c.id, faults.c.name, faults.c.rule, faults.c.met, faults.c.struck)
    .where(faults.c.merchant_id == bindparam("merchant_id"))
    .order_by(faults.c.id)
)
_meet = update(faults).where(faults.c.id == bindparam("of_id")).values(met=faults.c.met + 1)
_strike = update(faults).where(faults.c.id == bindparam("of_id")).values(struck=faults.c.struck + 1)
_select_counts = select(faults.c.met, faults.c.struck).where(faults.c.id == bindparam("of_id"))


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
    values = {"merchant_id": merchant_id, "name": fault.name, "rule": fault, "met": 0, "struck": 0}
    try:
        with attempting(connection):
            connection.execute(insert(faults), values)
    except IntegrityError as error:
        raise FaultNameTakenError from error
    _set_flag(connection, merchant_id, armed=True)


def list_armed(connection: Connection, merchant_id: int) -> list[ArmedFault]:
    """Read a merchant's faults in the order in which they were armed."""
    rows = connection.execute(_select, {"merchant_id": merchant_id})
    return [ArmedFault(row.id, _fault(row.rule), row.met, row.struck) for row in rows]


def disarm(connection: Connection, merchant_id: int, name: str | None = None) -> int:
    """Remove the merchant's fault of this name, or all of them; returns how many there were."""
    statement = delete(faults).where(faults.c.merchant_id == merchant_id)
    removed = connection.execute(
        statement if name is None else statement.where(faults.c.name == name)
    ).rowcount
    _set_flag(connection, merchant_id, armed=bool(list_armed(connection, merchant_id)))
    return removed


def count_meeting(connection: Connection, fault_id: int) -> int:
    """Count one more call that the fault met, and return the number of this one."""
    connection.execute(_meet, {"of_id": fault_id})
    return int(connection.execute(_select_counts, {"of_id": fault_id}).one().met)


def count_strike(connection: Connection, fault_id: int) -> int:
    """Count one more call that the fault struck, and return the number of this one."""
    connection.execute(_strike, {"of_id": fault_id})
    return int(connection.execute(_select_counts, {"of_id": fault_id}).one().struck)


def _set_flag(connection: Connection, merchant_id: int, *, armed: bool) -> None:
    connection.execute(update(merchants).where(merchants.c.id == merchant_id).values(has_faults=armed))


def _fault(stored: Mapping[str, Any]) -> Fault:
    effect = dict(stored["effect"])
    return Fault(
        name=stored["name"],
        match=Match(**stored["match"]),
        moment=Moment(stored["moment"]),
        effect=Effect(EffectKind(effect.pop("kind")), **effect),
        times=stored["times"],
        skip=stored["skip"],
        begins_at=_moment(stored.get("begins_at")),
        ends_at=_moment(stored.get("ends_at")),
    )


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
