"""Open payment windows and find them again, by the token that only the shopper's browser was given."""

import hmac
import re
from collections.abc import Mapping
from typing import Any

from payments_mock.domain.merchant import KeyKind, KeyOwner
from payments_mock.services.context import Context
from payments_mock.storage import checkout_windows as store
from payments_mock.storage.checkout_windows import Window
from payments_mock.storage.database import reading, writing

__all__ = ["Window", "find_checkout_owner", "find_window", "find_window_of_payment", "open_window"]

TOKEN = re.compile(r"[0-9a-f]{32}")
PAYMENT_KEY = re.compile(r"[A-Za-z0-9]{1,200}")


def open_window(context: Context, payment_key: str | None, options: Mapping[str, Any]) -> Window:
    """Store a window for a payment, or for the registration of a card where there is none."""
    owner = KeyOwner(context.merchant, KeyKind.CLIENT, context.key_family)
    window = Window(context.ids.window_token(), owner, payment_key, options)
    with writing() as connection:
        store.add_window(connection, window)
    return window


def find_window(token: str) -> Window | None:
    """Return the window that `token` opens, in a time that tells nothing about the tokens that exist."""
    if TOKEN.fullmatch(token) is None:
        return None
    with reading() as connection:
        window = store.find_window(connection, token)
    if window is None or not hmac.compare_digest(window.token.encode(), token.encode()):
        return None
    return window


def find_window_of_payment(payment_key: str) -> Window | None:
    """Return a window that was opened for a payment."""
    if PAYMENT_KEY.fullmatch(payment_key) is None:
        return None
    with reading() as connection:
        return store.find_window_of_payment(connection, payment_key)


def find_checkout_owner(payment_key: str) -> KeyOwner | None:
    """Return who began a checkout under this payment key."""
    if PAYMENT_KEY.fullmatch(payment_key) is None:
        return None
    with reading() as connection:
        return store.find_owner_of_payment(connection, payment_key)
