"""Which contract the provider speaks, and the keys that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Contract(StrEnum):
    """A way to speak to the provider."""

    KIOSK = "kiosk"
    """Server to server: the kiosk makes the payment and its key itself (the integration guide)."""
    TOSS = "toss"
    """The shopper authenticates in the provider's window, which makes the key; the kiosk confirms."""


@dataclass(frozen=True)
class KeyPair:
    """The merchant's keys: the secret one stays here, the client key goes into the pages."""

    secret: str
    client: str | None

    @property
    def is_for_widgets(self) -> bool:
        """Tell whether the client key opens the widgets; otherwise it opens the payment window."""
        return self.client is not None and "_gck_" in self.client


DEFAULT_KEYS: Mapping[Contract, KeyPair] = MappingProxyType(
    {
        Contract.KIOSK: KeyPair("test_sk_dummy", None),
        Contract.TOSS: KeyPair("test_gsk_toss_dummy", "test_gck_toss_dummy"),
    }
)
"""The well-known keys that every test provider knows."""
