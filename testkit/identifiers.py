"""Random ids and padded texts, so that scenarios never meet on a server they share."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def random_text(length: int) -> str:
    """Return `length` random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def random_payment_key() -> str:
    """Return a payment key that no other scenario uses."""
    return f"pay_{random_text(20)}"


def random_order_id() -> str:
    """Return an order id that no other scenario uses."""
    return f"order_{random_text(20)}"
