"""Unique names: of the keys and tokens that the provider makes, and of its processes.

Keys and tokens come from one source of randomness that is passed in. A process can tell by another's name
whether that one is gone.
"""

import os
import secrets
import socket
import string
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from payments_mock.domain.values import immutable

ALPHANUMERIC = string.digits + string.ascii_uppercase + string.ascii_lowercase


@immutable
class Ids:
    """Makes identifiers from `random_bytes`; the default source can't be guessed."""

    random_bytes: Callable[[int], bytes] = os.urandom

    def payment_key(self) -> str:
        """Make the key of a payment: 48 letters and digits, as in the approval guide."""
        return self._text(48, ALPHANUMERIC)

    def transaction_key(self) -> str:
        """Make a key of one movement of money: 32 hex digits, as in the approval guide."""
        return self.random_bytes(16).hex().upper()

    def receipt_token(self, merchant_id: int) -> str:
        """Make the token without which a receipt page is not shown; it tells whose the receipt is."""
        return f"{merchant_id:x}-{self.random_bytes(16).hex()}"

    def window_token(self) -> str:
        """Make the token without which nobody acts in a payment window."""
        return self.random_bytes(16).hex()

    def hexadecimal(self, count: int) -> str:
        """Make `count` hex digits, an even number, in lower case."""
        return self.random_bytes(count // 2).hex()

    def digits(self, count: int) -> str:
        """Make a number of `count` digits, as accounts and approvals have."""
        return self._text(count, string.digits)

    def payment_secret(self) -> str:
        """Make the secret by which a merchant knows the webhooks of a payment."""
        return f"ps_{self._text(28, ALPHANUMERIC)}"

    def cash_receipt_key(self) -> str:
        """Make the key of a cash receipt: 48 letters and digits, as those of payments."""
        return self._text(48, ALPHANUMERIC)

    def auth_key(self) -> str:
        """Make the key by which a merchant fetches the billing key of a customer who agreed."""
        return f"e_{self.random_bytes(16).hex().upper()}"

    def billing_key(self) -> str:
        """Make a billing key: 44 characters of base64 for URLs, the last of which is always `=`."""
        return urlsafe_b64encode(self.random_bytes(32)).decode()

    def _text(self, length: int, alphabet: str) -> str:
        size = len(alphabet)
        return "".join(alphabet[byte % size] for byte in self.random_bytes(length))


_PROCESS_TOKEN = secrets.token_hex(4)


def current_process() -> str:
    """Return the name of this process among all that share a database."""
    return f"{socket.gethostname()}/{os.getpid()}/{_PROCESS_TOKEN}"


def is_gone(identity: str) -> bool:
    """Tell whether a process is known to be gone; one of another machine never is."""
    host, pid, token = identity.rsplit("/", 2)
    if host != socket.gethostname():
        return False
    if int(pid) == os.getpid():
        # The first process of a container always has the same number.
        return token != _PROCESS_TOKEN
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _has_ended(int(pid))


def _has_ended(pid: int) -> bool:
    """Tell whether a process is a zombie: it has ended, and nobody has collected its exit code."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    # Its name, which comes before the state, may hold anything.
    return stat.rpartition(")")[2].split()[0] in {"X", "Z"}
