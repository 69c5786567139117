"""Merchants and their keys; a key is kept as its digest, and found by it."""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from payments_mock.domain.merchant import ContractName, KeyKind, KeyOwner, Merchant, family_of
from payments_mock.storage.tables import api_keys, merchants

_select_owner = (
    select(
        merchants.c.id,
        merchants.c.code,
        merchants.c.contract,
        merchants.c.version,
        api_keys.c.digest,
        api_keys.c.kind,
        api_keys.c.family,
    )
    .join_from(api_keys, merchants)
    .where(api_keys.c.digest == bindparam("digest"))
)


def find_owner(connection: Connection, key: str) -> KeyOwner | None:
    """Find who a key belongs to, in a time that tells nothing about the keys that exist."""
    digest = key_digest(key)
    row = connection.execute(_select_owner, {"digest": digest}).first()
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    return KeyOwner(Merchant(row.id, row.code, row.contract, row.version), row.kind, row.family)


def key_digest(key: str) -> str:
    """Return what stands for a key in storage."""
    return sha256(key.encode()).hexdigest()


def register(
    connection: Connection,
    code: str,
    contract: ContractName,
    version: str,
    keys: Iterable[tuple[str, KeyKind]],
) -> None:
    """Make the merchant `code` known with these keys, or bring the one of an earlier start up to date."""
    values = {"contract": contract, "version": version}
    merchant_id = connection.scalar(select(merchants.c.id).where(merchants.c.code == code))
    if merchant_id is None:
        added = connection.execute(insert(merchants).values(code=code, **values))
        merchant_id = added.inserted_primary_key[0]  # type: ignore[index]
    else:
        connection.execute(update(merchants).where(merchants.c.id == merchant_id).values(**values))
    rows = [
        {"digest": key_digest(key), "merchant_id": merchant_id, "kind": kind, "family": family_of(key)}
        for key, kind in keys
    ]
    # A key may have been another merchant's at an earlier start.
    taken_over = api_keys.c.digest.in_([row["digest"] for row in rows])
    connection.execute(delete(api_keys).where(taken_over | (api_keys.c.merchant_id == merchant_id)))
    connection.execute(insert(api_keys), rows)
