"""Faults that a test arms: which calls they meet, at which moment, and what those calls suffer."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from payments_mock.domain.values import immutable


class Moment(StrEnum):
    """When a fault strikes: before anything changes, or after the change was committed."""

    BEFORE = "before"
    AFTER = "after"


class Headers(Protocol):
    """The headers of a call, found by name in any case."""

    def get(self, key: str, /) -> str | None:
        """Return a header's value, None where it is not there."""


@immutable
class Match:
    """Which calls a fault meets: those that agree in everything that is not None.

    `headers` are by lower-case name.
    """

    operation: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    amount: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@immutable
class RequestFacts:
    """What a call says of itself; amounts in KRW, headers by name."""

    operation: str
    payment_key: str | None
    order_id: str | None
    amount: int | None
    headers: Headers


@immutable
class ArmedEffect:
    """What a call suffers: the kind of effect, and the fields that this kind has."""

    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@immutable
class Fault:
    """A rule: after `skip` calls that match, the next `times` suffer the effect; None means all of them.

    Calls before `begins_at`, or from `ends_at` on, by the sandbox's clock, are not counted; None leaves
    that side open. One that is switched off counts nothing.
    """

    name: str
    match: Match
    moment: Moment
    effect: ArmedEffect
    times: int | None = 1
    skip: int = 0
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    is_on: bool = True

    def meets(self, facts: RequestFacts, at: datetime) -> bool:
        """Tell whether the fault counts a call, made at a time of its sandbox."""
        match = self.match
        return (
            self.is_on
            and (self.begins_at is None or self.begins_at <= at)
            and (self.ends_at is None or at < self.ends_at)
            and match.operation in (None, facts.operation)
            and match.payment_key in (None, facts.payment_key)
            and match.order_id in (None, facts.order_id)
            and match.amount in (None, facts.amount)
            and all(facts.headers.get(name) == value for name, value in match.headers.items())
        )

    def strikes(self, ordinal: int) -> bool:
        """Tell whether the `ordinal`-th counted call, from 1, suffers the effect."""
        return ordinal > self.skip and (self.times is None or ordinal <= self.skip + self.times)


class Ending(StrEnum):
    """How somebody ends the wait of a call that a fault holds."""

    LET_GO = "let-go"
    REFUSE = "refuse"
    CUT = "cut"


@immutable
class HeldEnd:
    """How a call ends that was held; `status` and `body` are the answer to one that is refused."""

    ending: Ending
    status: int | None = None
    body: str | None = None


LET_GO = HeldEnd(Ending.LET_GO)
"""How a call ends that nobody ends, or whose sandbox has forgotten it."""


@immutable
class HeldCall:
    """A call that a fault holds, and what it says of itself; times by the machine's clock, amount in KRW."""

    fault: str
    moment: Moment
    operation: str
    payment_key: str | None
    order_id: str | None
    amount: int | None
    held_at: datetime
    until: datetime
    id: int = 0


@immutable
class HeldFilter:
    """Which held calls are meant: those that agree in everything that is not None."""

    id: int | None = None
    fault: str | None = None
    order_id: str | None = None


@immutable
class Strike:
    """A fault that struck a call, for the `number`-th time."""

    fault: Fault
    number: int
