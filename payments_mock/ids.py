"""Keys and tokens that the provider makes, from one source of randomness that is passed in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ids:
    """Makes identifiers from `random_bytes`; the default source can't be guessed."""

    random_bytes: Callable[[int], bytes] = secrets.token_bytes

    def transaction_key(self) -> str:
        """Make a key of one movement of money: 32 hex digits, as in `000_2f9d908f4739f8d7.txt`."""
        return self.random_bytes(16).hex().upper()

    def receipt_token(self) -> str:
        """Make the token without which a receipt page is not shown."""
        return self.random_bytes(16).hex()
