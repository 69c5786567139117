"""Authorizations and billing keys, and the statements that let each be used once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from payments_mock.domain.billing import BillingAuthorization, BillingKey, BillingMeans
from payments_mock.domain.cards import Decline
from payments_mock.storage.tables import billing_authorizations as authorizations
from payments_mock.storage.tables import billing_keys as keys

_select_authorization = select(authorizations).where(
    authorizations.c.merchant_id == bindparam("merchant_id"),
    authorizations.c.auth_key == bindparam("auth_key"),
)
_select_key = select(keys).where(
    keys.c.merchant_id == bindparam("merchant_id"), keys.c.billing_key == bindparam("billing_key")
)
_use_authorization = (
    update(authorizations)
    .where(
        authorizations.c.merchant_id == bindparam("of_merchant"),
        authorizations.c.auth_key == bindparam("of_auth_key"),
        authorizations.c.used_at.is_(None),
    )
    .values(used_at=bindparam("at"))
)
_remove_key = (
    update(keys)
    .where(
        keys.c.merchant_id == bindparam("of_merchant"),
        keys.c.billing_key == bindparam("of_billing_key"),
        keys.c.deleted_at.is_(None),
    )
    .values(deleted_at=bindparam("at"))
)


def add_authorization(connection: Connection, authorization: BillingAuthorization) -> None:
    """Store what a customer agreed to."""
    connection.execute(insert(authorizations), _values(authorization, "auth_key", "used_at"))


def find_authorization(
    connection: Connection, merchant_id: int, auth_key: str
) -> BillingAuthorization | None:
    """Read the merchant's authorization under `auth_key`, a used one too."""
    values = {"merchant_id": merchant_id, "auth_key": auth_key}
    row = connection.execute(_select_authorization, values).first()
    if row is None:
        return None
    return BillingAuthorization(
        row.merchant_id, row.auth_key, row.customer_key, _means(row), row.authenticated_at, row.used_at
    )


def use_authorization(connection: Connection, authorization: BillingAuthorization, at: datetime) -> bool:
    """Use an authorization up; returns whether nobody had done so before."""
    of = {"of_merchant": authorization.merchant_id, "of_auth_key": authorization.auth_key}
    return connection.execute(_use_authorization, {"at": at, **of}).rowcount == 1


def add_key(connection: Connection, key: BillingKey) -> None:
    """Store a new billing key."""
    connection.execute(insert(keys), _values(key, "billing_key", "deleted_at"))


def find_key(connection: Connection, merchant_id: int, billing_key: str) -> BillingKey | None:
    """Read the merchant's billing key, a deleted one too."""
    values = {"merchant_id": merchant_id, "billing_key": billing_key}
    row = connection.execute(_select_key, values).first()
    if row is None:
        return None
    return BillingKey(
        row.merchant_id, row.billing_key, row.customer_key, _means(row), row.authenticated_at, row.deleted_at
    )


def remove_key(connection: Connection, merchant_id: int, billing_key: str, at: datetime) -> bool:
    """Mark a billing key as deleted; returns whether there was one that was not."""
    of = {"of_merchant": merchant_id, "of_billing_key": billing_key}
    return connection.execute(_remove_key, {"at": at, **of}).rowcount == 1


def _values(stored: BillingAuthorization | BillingKey, *own: str) -> dict[str, Any]:
    names = ("merchant_id", "customer_key", "authenticated_at", *own)
    means = stored.means
    return {name: getattr(stored, name) for name in names} | {
        "method": means.method,
        "instruments": means.instruments,
        "expires_at": means.expires_at,
        "refusal_code": means.refusal and means.refusal.code,
        "refusal_limit": means.refusal and means.refusal.limit,
    }


def _means(row: Row[Any]) -> BillingMeans:
    refusal = None if row.refusal_code is None else Decline(row.refusal_code, row.refusal_limit)
    return BillingMeans(row.method, row.instruments, row.expires_at, refusal)
