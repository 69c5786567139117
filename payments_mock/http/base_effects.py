"""What an effect of a fault can do to a call: the base classes of the effects in `http/effects.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar, Final

from flask import Response
from marshmallow import ValidationError, fields, validate
from marshmallow.fields import Field

from payments_mock.api.schemas import all_of, names, names_none_of
from payments_mock.api.values import Number, StrictText
from payments_mock.api.wire import LONGEST_HANG_SECONDS, WHOLE, Connection
from payments_mock.domain.faults import Moment

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract
    from payments_mock.api.wire import CallRecord

WHY: Final = "A fault was armed for this call."


class Effect:
    """The effect on one call, which a fault strikes as the `number`-th one."""

    kind: ClassVar[str]
    takes: ClassVar[Mapping[str, Field[Any]]] = {}
    """Its fields beside `kind`."""

    rules: ClassVar[Sequence[dict[str, Any]]] = ()
    """The rules between those fields, in JSON Schema."""

    hangs: ClassVar[bool] = False
    """Whether no answer comes, until the client gives up."""

    spoils: ClassVar[bool] = False
    """Whether `spoil` sends the answer, and ends the connection."""

    sends: ClassVar[str] = WHOLE
    """What is sent of an answer, in a word for the log and the journal."""

    moments: ClassVar[Sequence[Moment]] = tuple(Moment)
    """When it can strike."""

    status_before: ClassVar[int] = 500
    """The status that it sends if there is no answer yet."""

    def __init__(self, given: Mapping[str, Any], number: int, fault: str = "") -> None:
        self.given = given
        self.number = number
        self.fault = fault

    @classmethod
    def check(cls, given: Mapping[str, Any]) -> None:
        """Check the fields together.

        Raises:
            ValidationError: they contradict each other; names the field, and what would be right.
        """

    def delay_seconds(self) -> float:
        """Return for how many seconds it delays the call."""
        return 0.0

    def hold_seconds(self) -> float:
        """Return how long it holds the call if nobody ends that, 0 where it holds none."""
        return 0.0

    def drip_seconds(self) -> float:
        """Return over how many seconds the answer is sent, 0 for at once."""
        return 0.0

    def answer(self, contract: Contract, call: CallRecord) -> Response | None:
        """Return the answer that replaces the operation, None if the effect has none."""
        return None

    def alter(self, answer: Response) -> Response:
        """Return a successful answer as the effect changes it."""
        return answer

    def spoil(self, head: bytes, body: bytes, connection: Connection) -> None:
        """Send what is left of an answer, whose head ends with the empty line, and end the connection."""


def seconds() -> Number:
    """Make the field of a time in seconds."""
    return Number(validate=validate.Range(min=0, max=LONGEST_HANG_SECONDS))


class Timed(Effect):
    """An effect that lasts `seconds`, or a time `between` two bounds, which its `seed` decides."""

    takes = {  # noqa: RUF012
        "seconds": seconds(),
        "between": fields.List(
            seconds(),
            validate=validate.Length(equal=2),
            metadata={"description": "The fewest seconds, and the most."},
        ),
        "seed": StrictText(100),
    }
    rules = (
        {
            "oneOf": [
                all_of(names("seconds"), names_none_of(("between", "seed"))),
                all_of(names("between", "seed"), names_none_of(("seconds",))),
            ]
        },
    )

    @classmethod
    def check(cls, given: Mapping[str, Any]) -> None:
        """Require a number of seconds, or a range with its seed."""
        if ("seconds" in given) == ("between" in given):
            raise ValidationError("Give either seconds, or between with a seed.", "seconds")
        if "between" in given and "seed" not in given:
            raise ValidationError("Give a seed, so that every run waits as long.", "seed")
        if "between" in given and given["between"][0] > given["between"][1]:
            raise ValidationError("The first must not be more than the second.", "between")
        if "seed" in given and "between" not in given:
            raise ValidationError("A seed goes with between.", "seed")

    def lasts(self) -> float:
        """Return how many seconds this strike lasts."""
        if "between" not in self.given:
            return float(self.given["seconds"])
        least, most = self.given["between"]
        digest = sha256(f"{self.given['seed']}:{self.number}".encode()).digest()
        return float(least + int.from_bytes(digest[:8]) / 2**64 * (most - least))
