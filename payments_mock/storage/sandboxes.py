"""Stored sandboxes: merchants, their keys and their data."""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Connection,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import (
    MACHINE_TIME,
    ContractName,
    Kept,
    KeyKind,
    KeyOwner,
    Merchant,
    SandboxClock,
    Switch,
    Switches,
    family_of,
)
from payments_mock.storage.columns import metadata
from payments_mock.storage.engine.lending import attempting
from payments_mock.storage.engine.pipeline import OwnerChangedError, Statement, demanding, encoded
from payments_mock.storage.engine.prepared import Prepared
from payments_mock.storage.tables import api_keys, merchants

MERCHANT_COLUMNS = (
    merchants.c.id,
    merchants.c.code,
    merchants.c.contract,
    merchants.c.version,
    merchants.c.clock_offset,
    merchants.c.clock_frozen_at,
    merchants.c.has_faults,
    merchants.c.has_webhooks,
    merchants.c.switches,
)
"""What `merchant_of` reads."""

_owner = (
    select(*MERCHANT_COLUMNS, api_keys.c.digest, api_keys.c.kind, api_keys.c.family)
    .join_from(api_keys, merchants)
    .where(api_keys.c.digest == bindparam("digest"))
)
_select_owner = Prepared(_owner)
# The number of the transaction that changed the merchant last, as PostgreSQL keeps it with each row.
_select_marked_owner = Prepared(_owner.add_columns(literal_column("merchants.xmin::text", Text)))
_CHECK = demanding(
    "SELECT 1 FROM api_keys JOIN merchants ON merchants.id = api_keys.merchant_id"
    " WHERE api_keys.digest = $1 AND merchants.id = $2 AND merchants.xmin = $3::xid"
)
_select_by_code = Prepared(select(*MERCHANT_COLUMNS).where(merchants.c.code == bindparam("code")))
_select_all = select(*MERCHANT_COLUMNS).order_by(merchants.c.id)


class CodeTakenError(Exception):
    """There is a merchant with this id."""


class KeyTakenError(Exception):
    """Somebody else's merchant has this key, whose place among those that were given is `position`."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


def find_owner(connection: Connection, key: str) -> KeyOwner | None:
    """Find who a key belongs to, in a time that reveals nothing about existing keys."""
    return find_owner_by_digest(connection, key_digest(key))


def find_owner_by_digest(connection: Connection, digest: str) -> KeyOwner | None:
    """Find who the key with a digest belongs to."""
    return _owner_of(_select_owner.first(connection, {"digest": digest}), digest)


def find_marked_owner(connection: Connection, digest: str) -> tuple[KeyOwner | None, str]:
    """Find who the key with a digest belongs to, with what PostgreSQL tells its changes by."""
    row = _select_marked_owner.first(connection, {"digest": digest})
    return (None, "") if row is None else (_owner_of(row[:-1], digest), row[-1])


def owner_check(digest: str, owner: KeyOwner, mark: str) -> Statement:
    """Return the statement which fails where the owner of a key is not as it was found with this mark."""
    parameters = [encoded(value) for value in (digest, owner.merchant.id, mark)]
    return Statement(_CHECK, parameters, OwnerChangedError(), only_checks=True)


def _owner_of(row: Sequence[Any] | None, digest: str) -> KeyOwner | None:
    if row is None or not hmac.compare_digest(row[-3], digest):
        return None
    return KeyOwner(merchant_of(row[:-3]), row[-2], row[-1])


def find_merchant(connection: Connection, code: str) -> Merchant | None:
    """Read the merchant with a public id."""
    row = _select_by_code.first(connection, {"code": code})
    return None if row is None else merchant_of(row)


def list_merchants(connection: Connection) -> list[Merchant]:
    """Read all merchants, the oldest first."""
    return [merchant_of(row) for row in connection.execute(_select_all)]


def count_merchants(connection: Connection) -> Mapping[ContractName, int]:
    """Count the merchants on each contract that has any."""
    counted = select(merchants.c.contract, func.count()).group_by(merchants.c.contract)
    return {row[0]: row[1] for row in connection.execute(counted)}


def existing(connection: Connection, merchant_ids: Collection[int]) -> set[int]:
    """Return which of these merchants are still there."""
    return set(connection.scalars(select(merchants.c.id).where(merchants.c.id.in_(merchant_ids))))


def set_clock(connection: Connection, merchant_id: int, clock: SandboxClock) -> None:
    """Store the clock of a merchant's sandbox."""
    values = {"clock_offset": clock.offset, "clock_frozen_at": clock.frozen_at}
    connection.execute(update(merchants).where(merchants.c.id == merchant_id).values(**values))


def set_switches(connection: Connection, merchant_id: int, switches: Switches) -> None:
    """Store which switches of a merchant are on."""
    same = merchants.c.id == merchant_id
    connection.execute(update(merchants).where(same).values(switches=_stored(switches)))


def _stored(switches: Switches) -> list[Switch] | None:
    return sorted(switches) or None


def put_switches_back(connection: Connection, merchant_id: int) -> None:
    """Set a merchant's switches back to their first values."""
    same = merchants.c.id == merchant_id
    connection.execute(update(merchants).where(same).values(switches=merchants.c.first_switches))


def lock_merchant(connection: Connection, merchant_id: int) -> None:
    """Make other changes of this merchant's settings wait until the transaction ends."""
    same = merchants.c.id == merchant_id
    connection.execute(update(merchants).where(same).values(version=merchants.c.version))


def remove_keys(connection: Connection, merchant_id: int) -> None:
    """Remove all keys of a merchant."""
    connection.execute(delete(api_keys).where(api_keys.c.merchant_id == merchant_id))


def remove_merchant(connection: Connection, merchant_id: int) -> None:
    """Remove a merchant with everything that belongs to it."""
    connection.execute(delete(merchants).where(merchants.c.id == merchant_id))


def merchant_of(row: Sequence[Any]) -> Merchant:
    """Make a merchant of its columns."""
    merchant_id, code, contract, version, offset, frozen_at, has_faults, has_webhooks, switches = row
    clock, on = SandboxClock(offset, frozen_at), frozenset(map(Switch, switches or ()))
    return Merchant(merchant_id, code, contract, version, clock, has_faults, has_webhooks, on)


@lru_cache(maxsize=256)
def key_digest(key: str) -> str:
    """Return the digest under which a key is stored."""
    return sha256(key.encode()).hexdigest()


def register(
    connection: Connection,
    code: str,
    contract: ContractName,
    version: str,
    keys: Iterable[tuple[str, KeyKind]],
    switches: Switches = frozenset(),
) -> int:
    """Make the merchant `code` known with these keys, or bring the one of an earlier start up to date.

    Returns its id.
    """
    merchant_id: int | None = connection.scalar(select(merchants.c.id).where(merchants.c.code == code))
    if merchant_id is None:
        merchant_id = _insert_merchant(connection, code, contract, version, switches)
    else:
        values = _settings(contract, version, switches)
        connection.execute(update(merchants).where(merchants.c.id == merchant_id).values(**values))
    rows = _key_rows(merchant_id, keys)
    # At an earlier start the key may have belonged to another merchant.
    taken_over = api_keys.c.digest.in_([row["digest"] for row in rows])
    connection.execute(delete(api_keys).where(taken_over | (api_keys.c.merchant_id == merchant_id)))
    connection.execute(insert(api_keys), rows)
    return merchant_id


def add_merchant(
    connection: Connection,
    code: str,
    contract: ContractName,
    version: str,
    keys: Iterable[tuple[str, KeyKind]],
    switches: Switches = frozenset(),
) -> None:
    """Make a new merchant known with these keys.

    Raises:
        CodeTakenError, KeyTakenError: the id, or one of the keys, is in use.
    """
    try:
        with attempting(connection):
            merchant_id = _insert_merchant(connection, code, contract, version, switches)
    except IntegrityError as error:
        raise CodeTakenError from error
    add_keys(connection, merchant_id, keys)


def add_keys(connection: Connection, merchant_id: int, keys: Iterable[tuple[str, KeyKind]]) -> None:
    """Give a merchant more keys.

    Raises:
        KeyTakenError: one of them is in use.
        OwnerGoneError: the merchant is gone.
    """
    rows = enumerate(_key_rows(merchant_id, keys))
    # Two requests for the same keys insert them in the same order, so that they can't deadlock.
    for position, row in sorted(rows, key=lambda numbered: str(numbered[1]["digest"])):
        try:
            with attempting(connection):
                connection.execute(insert(api_keys), row)
        except IntegrityError as error:
            raise KeyTakenError(position) from error


def add_digest(connection: Connection, merchant_id: int, digest: str, family: KeyFamily) -> bool:
    """Give a merchant a secret key that is known by its digest alone; returns whether it was nobody's."""
    row = {"digest": digest, "merchant_id": merchant_id, "kind": KeyKind.SECRET, "family": family}
    try:
        with attempting(connection):
            connection.execute(insert(api_keys), row)
    except IntegrityError:
        return False
    return True


def _insert_merchant(
    connection: Connection, code: str, contract: ContractName, version: str, switches: Switches
) -> int:
    values = {"code": code, **_settings(contract, version, switches)}
    unmoved = {"clock_offset": MACHINE_TIME.offset, "has_faults": False, "has_webhooks": False}
    added: Any = connection.execute(insert(merchants).values(**values, **unmoved)).inserted_primary_key
    merchant_id: int = added[0]
    return merchant_id


def _settings(contract: ContractName, version: str, switches: Switches) -> dict[str, Any]:
    """Return the first values of a merchant's columns; a reset puts the same switches on again."""
    on = _stored(switches)
    return {"contract": contract, "version": version, "switches": on, "first_switches": on}


def _key_rows(merchant_id: int, keys: Iterable[tuple[str, KeyKind]]) -> list[dict[str, Any]]:
    return [
        {"digest": key_digest(key), "merchant_id": merchant_id, "kind": kind, "family": family_of(key)}
        for key, kind in keys
    ]


_KEPT = {merchants.name, api_keys.name}
_TABLES = {
    Kept.WEBHOOKS: "webhook_endpoints",
    Kept.WEBHOOK_RULES: "webhook_rules",
    Kept.FAULTS: "faults",
    Kept.REPORTS: "report_lags",
}


def clear(connection: Connection, merchant_id: int, kept: Collection[Kept] = ()) -> None:
    """Delete every row that belongs to the merchant, but for those of what is `kept`.

    The merchant and its keys stay.
    """
    spared = _KEPT | {_TABLES[each] for each in kept if each in _TABLES}
    for table in reversed(metadata.sorted_tables):
        if table.name not in spared and "merchant_id" in table.columns:
            connection.execute(delete(table).where(table.c.merchant_id == merchant_id))
