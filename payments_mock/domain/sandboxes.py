"""A merchant is a sandbox: its keys, its contract and its clock."""

import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.values import immutable


@immutable
class ClockChange:
    """What is to be done to a clock, in this order: release, set, advance, freeze or let it run."""

    release: bool = False
    set_to: datetime | None = None
    advance: timedelta | None = None
    freeze: bool | None = None


@immutable
class SandboxClock:
    """How a sandbox's time is told from the machine's: `offset` away from it, or `frozen_at` one moment."""

    offset: timedelta = timedelta()
    frozen_at: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether the time stands still."""
        return self.frozen_at is not None

    def at(self, machine_time: datetime) -> datetime:
        """Return the sandbox's time when the machine's is `machine_time`."""
        return self.frozen_at or machine_time + self.offset

    def frozen(self, machine_time: datetime) -> "SandboxClock":
        """Return the clock standing still at the time that it shows."""
        return replace(self, frozen_at=self.at(machine_time))

    def moved_to(self, moment: datetime, machine_time: datetime) -> "SandboxClock":
        """Return the clock showing `moment`; one that stands still goes on standing still."""
        offset = moment - machine_time
        return SandboxClock(offset, moment if self.is_frozen else None)

    def advanced(self, by: timedelta, machine_time: datetime) -> "SandboxClock":
        """Return the clock further on by `by`."""
        return self.moved_to(self.at(machine_time) + by, machine_time)

    def changed(self, change: ClockChange, machine_time: datetime) -> "SandboxClock":
        """Return the clock as a change leaves it."""
        clock = self
        if change.release:
            clock = MACHINE_TIME
        if change.set_to is not None:
            clock = clock.moved_to(change.set_to, machine_time)
        if change.advance is not None:
            clock = clock.advanced(change.advance, machine_time)
        if change.freeze is True:
            clock = clock.frozen(machine_time)
        if change.freeze is False and clock.frozen_at is not None:
            clock = SandboxClock(clock.frozen_at - machine_time)
        return clock


MACHINE_TIME = SandboxClock()
"""The clock of a sandbox that nobody has moved."""


class Kept(StrEnum):
    """What a reset of a sandbox may leave as it is."""

    WEBHOOKS = "webhooks"
    WEBHOOK_RULES = "webhookRules"
    FAULTS = "faults"
    CLOCK = "clock"
    SWITCHES = "switches"
    REPORTS = "reports"


class ContractName(StrEnum):
    """The wire contracts that a merchant's keys can speak."""

    KIOSK = "kiosk"
    TOSS = "toss"


class KeyKind(StrEnum):
    """What a key may do: secret keys call the API, client keys open the payment window."""

    SECRET = "SECRET"  # noqa: S105
    CLIENT = "CLIENT"


class Switch(StrEnum):
    """What the real provider may do, and a sandbox does only where it is switched on."""

    UNKNOWN_FIELDS = "unknownFields"
    UNKNOWN_METHODS = "unknownMethods"
    UNKNOWN_EVENTS = "unknownEvents"
    REFUSE_RAPID_REPEATS = "refuseRapidRepeats"
    CROSS_REJECTS = "crossRejects"


Switches = frozenset[Switch]
"""Those that are on."""

LEAST_PAUSE = timedelta(seconds=1)
"""The same call about one payment within this time is a rapid repeat."""


@immutable
class Merchant:
    """One merchant, which is one sandbox: nothing of it is visible to another.

    `code` is the short public id (`mId` on the Toss contract). `has_faults` tells whether any fault is armed,
    `has_webhooks` whether the merchant listens to any event, `switches` which switches are on.
    """

    id: int
    code: str
    contract: ContractName
    version: str
    clock: SandboxClock = MACHINE_TIME
    has_faults: bool = False
    has_webhooks: bool = False
    switches: Switches = frozenset()

    @property
    def least_pause(self) -> timedelta:
        """How long the same call about one payment is refused after the last one; none if never."""
        return LEAST_PAUSE if Switch.REFUSE_RAPID_REPEATS in self.switches else timedelta()


@immutable
class KeyOwner:
    """A key that is known: whose it is, what it may do, and to which pair it belongs."""

    merchant: Merchant
    kind: KeyKind
    family: KeyFamily


def family_of(key: str) -> KeyFamily:
    """Tell the pair of a key by its name: `test_gck_` and `test_gsk_` begin the keys of widgets."""
    return KeyFamily.WIDGET if key.startswith(("test_gck_", "test_gsk_")) else KeyFamily.API


_TEST_KEY = re.compile(r"test_g?[sc]k_([!-9;-~]{1,180})")
_KINDS = {
    "test_sk_": KeyKind.SECRET,
    "test_gsk_": KeyKind.SECRET,
    "test_ck_": KeyKind.CLIENT,
    "test_gck_": KeyKind.CLIENT,
}


def keys_that_belong_to(key: str) -> Iterable[tuple[str, KeyKind]]:
    """Return the keys of the sandbox of `key`, itself among them; none where it is no test key.

    They are the API pair and the widget pair that end as it does.
    """
    found = _TEST_KEY.fullmatch(key)
    return [] if found is None else [(prefix + found[1], kind) for prefix, kind in _KINDS.items()]


def open_merchant_code(key: str) -> str:
    """Return the public id of the merchant of a test key: always the same, and unlike that of any other."""
    suffix = key.split("_", 2)[2]
    return "open" + b32encode(sha256(suffix.encode()).digest())[:10].decode().lower()
