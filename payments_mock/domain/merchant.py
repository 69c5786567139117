"""The merchant: whose payments they are, and which contract its keys speak."""

from dataclasses import dataclass
from enum import StrEnum

from payments_mock.domain.payment import KeyFamily
from payments_mock.domain.sandbox_clock import MACHINE_TIME, SandboxClock


class ContractName(StrEnum):
    """The wire contracts that a merchant's keys can speak."""

    KIOSK = "kiosk"
    TOSS = "toss"


class KeyKind(StrEnum):
    """What a key may do: secret keys call the API, client keys open the payment window."""

    SECRET = "SECRET"  # noqa: S105
    CLIENT = "CLIENT"


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant, which is one sandbox: nothing of it is visible to another.

    `code` is the short public id (`mId` on the Toss contract). `has_faults` tells whether any fault is armed,
    `has_webhooks` whether the merchant listens to any event.
    """

    id: int
    code: str
    contract: ContractName
    version: str
    clock: SandboxClock = MACHINE_TIME
    has_faults: bool = False
    has_webhooks: bool = False


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """A key that is known: whose it is, what it may do, and to which pair it belongs."""

    merchant: Merchant
    kind: KeyKind
    family: KeyFamily


def family_of(key: str) -> KeyFamily:
    """Tell the pair of a key by its name: `test_gck_` and `test_gsk_` begin the keys of widgets."""
    return (
        KeyFamily.WIDGET
        if key.startswith(("test_gck_", "test_gsk_", "live_gck_", "live_gsk_"))
        else KeyFamily.API
    )
