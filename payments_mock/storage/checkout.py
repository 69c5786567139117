"""Opened payment windows: their merchants, and what the merchant's page asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select

from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import KeyKind, KeyOwner
from payments_mock.domain.values import immutable
from payments_mock.storage.sandboxes import MERCHANT_COLUMNS, merchant_of
from payments_mock.storage.tables import checkout_windows, merchants, payments

_WINDOW = (
    checkout_windows.c.token,
    checkout_windows.c.key_family,
    checkout_windows.c.payment_key,
    checkout_windows.c.options,
)
_select_window: Select[Any] = select(*MERCHANT_COLUMNS, *_WINDOW).join_from(checkout_windows, merchants)
_select_by_token = _select_window.where(checkout_windows.c.token == bindparam("token"))
_select_by_payment = _select_window.where(
    checkout_windows.c.payment_key == bindparam("payment_key")
).order_by(checkout_windows.c.token)
_select_payment_owner = (
    select(*MERCHANT_COLUMNS, payments.c.key_family)
    .join_from(payments, merchants)
    .where(payments.c.payment_key == bindparam("payment_key"), payments.c.key_family.is_not(None))
)
_delete_window = delete(checkout_windows).where(checkout_windows.c.token == bindparam("gone"))


@immutable
class Window:
    """A window and the merchant it belongs to; without a payment key, a card is registered in it."""

    token: str
    owner: KeyOwner
    payment_key: str | None
    options: Mapping[str, Any]


def add_window(connection: Connection, window: Window) -> None:
    """Store a window that was opened."""
    values = {
        "token": window.token,
        "merchant_id": window.owner.merchant.id,
        "key_family": window.owner.family,
        "payment_key": window.payment_key,
        "options": window.options,
    }
    connection.execute(insert(checkout_windows), values)


def remove_window(connection: Connection, token: str) -> bool:
    """Take a window away; returns whether it was there."""
    return connection.execute(_delete_window, {"gone": token}).rowcount == 1


def find_window(connection: Connection, token: str) -> Window | None:
    """Read the window with this token."""
    return _window(connection.execute(_select_by_token, {"token": token}).first())


def find_window_of_payment(connection: Connection, payment_key: str) -> Window | None:
    """Read a window that was opened for a payment."""
    return _window(connection.execute(_select_by_payment, {"payment_key": payment_key}).first())


def find_owner_of_payment(connection: Connection, payment_key: str) -> KeyOwner | None:
    """Read who opened a checkout under this payment key, which is unlike any other's."""
    row = connection.execute(_select_payment_owner, {"payment_key": payment_key}).first()
    return None if row is None else _owner(row[:-1], row[-1])


def _window(row: Sequence[Any] | None) -> Window | None:
    if row is None:
        return None
    *merchant, token, family, payment_key, options = row
    return Window(token, _owner(merchant, family), payment_key, options)


def _owner(merchant: Sequence[Any], family: KeyFamily) -> KeyOwner:
    return KeyOwner(merchant_of(merchant), KeyKind.CLIENT, family)
