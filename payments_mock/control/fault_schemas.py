"""The schemas of faults in the control API."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.schemas import (
    WholeText,
    all_of,
    any_of,
    if_then,
    names,
    names_none_of,
    not_together,
    part,
    says,
)
from payments_mock.api.values import Flag, StrictText
from payments_mock.control.clock import LengthOfTime, MomentField
from payments_mock.control.requests import (
    LARGEST_COUNT,
    SAID_TIMES,
    Times,
    headers_field,
    operation_name,
    wait_field,
)
from payments_mock.domain import faults as domain
from payments_mock.domain.values import LARGEST_AMOUNT
from payments_mock.http.base_effects import Effect
from payments_mock.http.effects import EFFECTS

FIELDS: Final = dict(item for effect in EFFECTS.values() for item in effect.takes.items())
"""The fields of all effects, by name."""


def _others(effect: type[Effect]) -> list[str]:
    """Return the fields of other effects that this effect lacks."""
    return [name for name in FIELDS if name not in effect.takes]


def _rules() -> Iterator[Mapping[str, Any]]:
    plain = [kind for kind, effect in EFFECTS.items() if not effect.takes]
    for kind, effect in EFFECTS.items():
        if effect.takes:
            said = (names_none_of(_others(effect)), *effect.rules)
            yield from (if_then(says("kind", [kind]), rule) for rule in said)
    yield if_then(says("kind", plain), names_none_of(FIELDS))


def _rules_of_moments() -> Iterator[Mapping[str, Any]]:
    for moment in domain.Moment:
        kinds = [kind for kind, effect in EFFECTS.items() if moment not in effect.moments]
        if kinds:
            strikes_then = all_of(names("effect"), part("effect", says("kind", kinds)))
            yield if_then(says("moment", [moment]), {"not": strikes_then})


def check_moment(kind: str, moment: domain.Moment) -> None:
    """Refuse a moment at which a kind of effect does not strike.

    Raises:
        ValidationError: as named.
    """
    if moment not in EFFECTS[kind].moments:
        can = " or ".join(EFFECTS[kind].moments)
        raise ValidationError(f"The kind {kind} strikes {can} the change, not {moment} it.", "moment")


class MatchFields(Schema):
    """Which calls are meant: those that agree in everything that is named."""

    operation = operation_name()
    paymentKey = StrictText(200)  # noqa: N815
    orderId = StrictText(64)  # noqa: N815
    amount = fields.Integer(strict=True, validate=validate.Range(min=-LARGEST_AMOUNT, max=LARGEST_AMOUNT))
    headers = headers_field()


class FaultMatch(MatchFields):
    """Which calls are meant; with `nth`, the n-th of them alone."""

    nth = fields.Integer(strict=True, validate=validate.Range(min=1, max=LARGEST_COUNT))


class FaultEffect(Schema.from_dict(FIELDS)):  # type: ignore[misc]
    """What a call suffers; each kind has fields of its own."""

    rules = tuple(_rules())

    kind = fields.String(required=True, validate=validate.OneOf(list(EFFECTS)))

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        kind = data["kind"]
        effect = EFFECTS[kind]
        for name in data.keys() - {"kind", *effect.takes}:
            raise ValidationError(f"The kind {kind} has no such field; {_named(effect.takes)}.", name)
        effect.check(data)


def _named(names: Collection[str]) -> str:
    return f"it has {', '.join(names)}" if names else "it has none"


class FaultRequest(Schema):
    """A rule: which calls, at which moment, suffer what, how often, and in which time of the sandbox."""

    example: Mapping[str, Any] = {
        "match": {"operation": "confirm"},
        "moment": "after",
        "effect": {"kind": "reset"},
    }

    rules = (
        any_of(part("match", {"not": names("nth")}), names_none_of(("times", "skip"))),
        not_together("until", "lasts"),
        *_rules_of_moments(),
    )

    class Meta:
        """Holds the field `from`, which is a keyword of Python."""

        include: ClassVar[dict[str, MomentField]] = {
            "from": MomentField(metadata={"description": "When it begins, by the sandbox's clock."})
        }

    name = fields.String(
        validate=WholeText(r"^[A-Za-z0-9_.-]{1,100}$", error="Must be 1 to 100 of A-Z, a-z, 0-9, _, . and -.")
    )
    match = fields.Nested(FaultMatch, load_default=dict)
    moment = fields.Enum(domain.Moment, by_value=True, required=True)
    effect = fields.Nested(FaultEffect, required=True)
    times = Times()
    skip = fields.Integer(strict=True, validate=validate.Range(min=0, max=LARGEST_COUNT))
    until = MomentField(
        metadata={
            "description": "When it ends, later than now and than from; a call at this very moment goes well."
        }
    )
    lasts = LengthOfTime(metadata={"description": "How long it goes on, to the year 2999 at the most."})

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        check_moment(data["effect"]["kind"], data["moment"])
        if "nth" in data.get("match", {}) and data.keys() & {"times", "skip"}:
            raise ValidationError("nth says it all: leave times and skip out.", "match")
        if {"until", "lasts"} <= data.keys():
            raise ValidationError("Give either until, or how long it lasts.", "lasts")
        if {"from", "until"} <= data.keys() and data["until"] <= data["from"]:
            raise ValidationError("Must be later than from.", "until")


class FaultChange(Schema):
    """The changes to a fault, made at once; the rest stays, and what it has counted.

    A `match` and an `effect` replace the earlier ones, with all their fields.
    """

    example: Mapping[str, Any] = {"on": False}
    rules = ({"minProperties": 1}, *_rules_of_moments())

    on = Flag()
    match = fields.Nested(MatchFields)
    moment = fields.Enum(domain.Moment, by_value=True)
    effect = fields.Nested(FaultEffect)
    times = Times()
    skip = fields.Integer(strict=True, validate=validate.Range(min=0, max=LARGEST_COUNT))

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if not data:
            raise ValidationError(f"Say what to change: {', '.join(self.fields)}.", "on")
        if {"effect", "moment"} <= data.keys():
            check_moment(data["effect"]["kind"], data["moment"])


class FaultSchema(Schema):
    """A fault that is armed, with how many calls it met and how many of them it struck."""

    class Meta:
        """Holds the field `from`, which is a keyword of Python."""

        include: ClassVar[dict[str, fields.String]] = {"from": fields.String()}

    name = fields.String(required=True)
    match = fields.Nested(MatchFields, required=True)
    moment = fields.String(required=True)
    effect = fields.Nested(FaultEffect, required=True)
    times = fields.Raw(required=True, metadata=SAID_TIMES)
    skip = fields.Integer(required=True)
    until = fields.String()
    on = fields.Boolean(required=True)
    met = fields.Integer(required=True)
    fired = fields.Integer(required=True)


class FaultStrike(Schema):
    """A call that a fault struck: its `entry` in the journal, `at` by the sandbox's clock."""

    entry = fields.Integer(required=True)
    at = fields.String(required=True)
    orderId = fields.String(required=True, allow_none=True)  # noqa: N815


class FaultWithStrikes(FaultSchema):
    """A fault with the calls that it struck last, the newest first, as far as the journal has them."""

    strikes = fields.List(fields.Nested(FaultStrike), required=True)


class FaultsSchema(Schema):
    """The faults of a sandbox, in the order in which they were armed."""

    faults = fields.List(fields.Nested(FaultSchema), required=True)


class HeldCallSchema(Schema):
    """A held call; `heldAt`, and `until`, when it goes on by itself, are by the machine's clock."""

    id = fields.Integer(required=True)
    fault = fields.String(required=True)
    moment = fields.String(required=True)
    operation = fields.String(required=True)
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    orderId = fields.String(required=True, allow_none=True)  # noqa: N815
    amount = fields.Integer(required=True, allow_none=True)
    heldAt = fields.String(required=True)  # noqa: N815
    until = fields.String(required=True)


class HeldCallsSchema(Schema):
    """The held calls, the oldest first."""

    heldCalls = fields.List(fields.Nested(HeldCallSchema), required=True)  # noqa: N815


class HeldCallsQuery(Schema):
    """Which calls are listed, and whether to wait up to `wait` seconds until there are `count`."""

    fault = StrictText(100)
    orderId = StrictText(64)  # noqa: N815
    wait = wait_field()
    count = fields.Integer(validate=validate.Range(min=1, max=LARGEST_COUNT), load_default=1)


class EndRequest(Schema):
    """How calls end that wait, and which: by `id`, `fault` and `orderId`; all of the sandbox if none is said.

    A refusal has the `code` of an error of the contract, or any `status`, or both.
    """

    example: Mapping[str, Any] = {"do": "let-go"}
    rules = (
        any_of({"not": says("do", [domain.Ending.REFUSE])}, names("code"), names("status")),
        any_of(says("do", [domain.Ending.REFUSE]), names_none_of(("code", "status"))),
    )

    do = fields.Enum(domain.Ending, by_value=True, required=True)
    id = fields.Integer(strict=True, validate=validate.Range(min=1, max=2**53))
    fault = StrictText(100)
    orderId = StrictText(64)  # noqa: N815
    code = FIELDS["code"]
    status = FIELDS["status"]

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        given = data.keys() & {"code", "status"}
        if data["do"] is domain.Ending.REFUSE and not given:
            raise ValidationError("Name the code to refuse with, or a status.", "code")
        if data["do"] is not domain.Ending.REFUSE and given:
            raise ValidationError(f'Goes with "{domain.Ending.REFUSE}" only.', sorted(given)[0])


class Ended(Schema):
    """How many calls were ended."""

    ended = fields.Integer(required=True)


class Removed(Schema):
    """How many there were."""

    removed = fields.Integer(required=True)
