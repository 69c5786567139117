"""What the control API takes and shows of the journal."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema
from werkzeug.datastructures import MultiDict

from payments_mock.api.schemas import WholeText, any_of, names, names_none_of
from payments_mock.api.values import Number, StrictText
from payments_mock.checkout.acts import BrowserAct
from payments_mock.control.requests import (
    LONGEST_WAIT_SECONDS,
    Paging,
    headers_field,
    operation_name,
    wait_field,
)
from payments_mock.domain.values import LARGEST_AMOUNT, JournalLane
from payments_mock.services.journal import THE_BEGINNING, NewsKind

MOST_ENTRIES: Final = 1000
LARGEST_ID: Final = 2**53


def _number(least: int, most: int, **arguments: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(min=least, max=most), **arguments)


class HeaderLine(fields.Field[tuple[str, str]]):
    """A header of a request as one line, `Name: value`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> tuple[str, str]:
        name, colon, text = str(value).partition(":")
        if not (name.strip() and colon):
            raise ValidationError("Must be a header as Name: value.")
        return name.strip(), text.strip()


ALL_LANES: Final = "all"
_NO_TRACE: Final = "Must be 32 digits of 0-9 and a-f."


class EntryFields(Schema):
    """What an entry can be found by."""

    operation = operation_name(BrowserAct)
    method = fields.String()
    paymentKey = StrictText(200)  # noqa: N815
    orderId = StrictText(64)  # noqa: N815
    amount = _number(-LARGEST_AMOUNT, LARGEST_AMOUNT)
    status = _number(100, 599)
    code = fields.String()
    fault = fields.String(metadata={"description": "The name of a fault that struck."})
    lane = fields.String(
        validate=validate.OneOf([*JournalLane, ALL_LANES]),
        load_default=JournalLane.MERCHANT,
        metadata={"description": "Whose: the merchant's calls, or what a shopper's browser did; or both."},
    )
    traceId = fields.String(  # noqa: N815
        validate=[
            validate.Regexp("^[0-9a-f]*$", error=_NO_TRACE),
            validate.Length(equal=32, error=_NO_TRACE),
        ],
        metadata={"example": "4bf92f3577b34da6a3ce929d0e0e4736"},
    )


class EntryMatch(EntryFields):
    """Which entries are meant: those that agree in everything that is named."""

    headers = headers_field()


class CountQuery(EntryFields):
    """Which entries are counted; those behind `after` only. `header` may be given again."""

    header = fields.List(
        HeaderLine(
            metadata={
                "type": "string",
                "pattern": r"^[^:]*[^:\s][^:]*:",
                "example": "Idempotency-Key: press-1",
            }
        ),
        validate=validate.Length(max=20),
    )
    after = _number(0, LARGEST_ID, load_default=0)

    @pre_load
    def _gather(self, data: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
        """Take every `header` of the query, not the first alone."""
        if isinstance(data, MultiDict) and "header" in data:
            return {**data.to_dict(), "header": data.getlist("header")}
        return data


class JournalQuery(CountQuery, Paging):
    """Which entries are listed, and whether to wait up to `wait` seconds until there are `count`."""

    limit = _number(1, MOST_ENTRIES, load_default=100)
    wait = wait_field()
    count = _number(1, MOST_ENTRIES, load_default=1)


class VerifyRequest(Schema):
    """How many entries there are to be: exactly `count`, or `atLeast` and `atMost`; else one at least."""

    example: Mapping[str, Any] = {"match": {"operation": "confirm"}, "count": 1}
    rules = (any_of({"not": names("count")}, names_none_of(("atLeast", "atMost"))),)

    match = fields.Nested(EntryMatch, load_default=dict)
    count = _number(0, LARGEST_ID, strict=True)
    atLeast = _number(  # noqa: N815
        0, LARGEST_ID, strict=True, metadata={"description": "Not more than atMost."}
    )
    atMost = _number(0, LARGEST_ID, strict=True)  # noqa: N815
    after = _number(0, LARGEST_ID, strict=True, load_default=0)
    wait = Number(validate=validate.Range(min=0, max=LONGEST_WAIT_SECONDS), load_default=0.0)

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if "count" in data and data.keys() & {"atLeast", "atMost"}:
            raise ValidationError("Give either count, or atLeast and atMost.", "count")
        if data.get("atLeast", 0) > data.get("atMost", LARGEST_ID):
            raise ValidationError("Must not be more than atMost.", "atLeast")


class FlatVerifyRequest(VerifyRequest):
    """The same, with the sandbox that is meant."""

    example: Mapping[str, Any] = {**VerifyRequest.example, "sandbox": "toss"}

    sandbox = fields.String(required=True)


class Message(Schema):
    """A request or an answer, secrets masked."""

    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    body = fields.String(required=True)


_NULL: Final = {"type": "object", "nullable": True, "enum": [None]}
_TEXT_OR_NUMBER: Final = {"anyOf": [{"type": "string"}, {"type": "integer"}, _NULL]}


class ReasonSchema(Schema):
    """Why a call was refused; where values were compared, what was `sent` in the `field`, and `expected`."""

    message = fields.String(required=True, metadata={"example": "amount is 15000, not 14999"})
    field = fields.String(required=True, allow_none=True, metadata={"example": "amount"})
    expected = fields.Raw(required=True, allow_none=True, metadata={**_TEXT_OR_NUMBER, "example": 15000})
    sent = fields.Raw(required=True, allow_none=True, metadata={**_TEXT_OR_NUMBER, "example": 14999})


class EntrySchema(Schema):
    """One call and its answer: `at` by the sandbox's clock, `receivedAt` by the machine's.

    In the lane `shopper` it is what a browser did. What the SDK refused before any call has the method `SDK`.
    """

    id = fields.Integer(required=True)
    at = fields.String(required=True)
    receivedAt = fields.String(required=True)  # noqa: N815
    milliseconds = fields.Integer(required=True)
    lane = fields.Enum(JournalLane, by_value=True, required=True)
    operation = fields.String(required=True)
    method = fields.String(required=True)
    path = fields.String(required=True)
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    orderId = fields.String(required=True, allow_none=True)  # noqa: N815
    amount = fields.Integer(required=True, allow_none=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, allow_none=True)
    stateBefore = fields.String(required=True, allow_none=True)  # noqa: N815
    stateAfter = fields.String(required=True, allow_none=True)  # noqa: N815
    keyPair = fields.String(required=True, allow_none=True, metadata={"example": "api"})  # noqa: N815
    traceId = fields.String(required=True, allow_none=True)  # noqa: N815
    faults = fields.List(
        fields.String(), required=True, metadata={"description": "The names of the faults that struck."}
    )
    fault = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The kinds of what they did, separated by commas.", "example": "reset"},
    )
    sent = fields.String(
        required=True,
        validate=validate.OneOf(("answer", "half", "garbage", "nothing")),
        metadata={"description": "What of the answer went to the wire."},
    )
    reason = fields.Nested(
        ReasonSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Why the call was refused, null where it was not."},
    )
    replayOf = fields.Integer(  # noqa: N815
        required=True,
        allow_none=True,
        metadata={"description": "The entry of the call that this one repeats, null where a shop made it."},
    )
    request = fields.Nested(Message, required=True)
    response = fields.Nested(Message, required=True)


class Entries(Schema):
    """The entries, the oldest first, unless the newest were asked for."""

    entries = fields.List(fields.Nested(EntrySchema), required=True)


class EntryCount(Schema):
    """How many entries there are."""

    count = fields.Integer(required=True)


class CurlLine(Schema):
    """The call as a line for a shell in which SECRET_KEY is the sandbox's key."""

    curl = fields.String(required=True)


class Verified(Schema):
    """There are as many entries as there were to be."""

    verified = fields.Boolean(required=True)
    expected = fields.String(required=True)
    found = fields.Integer(required=True)


class Difference(Schema):
    """An entry, and by field what was expected of it and what it was."""

    entry = fields.Nested(EntrySchema, required=True)
    differs = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)


class NotVerified(Verified):
    """There are more or fewer; `nearest` are those that differ least from what was expected."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    nearest = fields.List(fields.Nested(Difference), required=True)


SEQ_PATTERN: Final = rf"^(0|[0-9]{{1,17}}(-[0-9]{{1,17}}){{{2 * (len(THE_BEGINNING) - 1)}}})$"


class EventsQuery(Schema):
    """Which events are told: those behind `after`, or from now on; of the sandboxes named, or of all."""

    after = fields.String(
        validate=WholeText(SEQ_PATTERN, error="Must be 0, or the seq of an answer or an event."),
        metadata={"description": "The seq of an answer or an event; 0 is the beginning."},
    )
    wait = wait_field()
    sandbox = StrictText(2000, metadata={"description": "Ids, separated by commas."})
    limit = _number(1, MOST_ENTRIES, load_default=500)


class EventSchema(Schema):
    """Something that happened; `id` is the call's, the payment's number, the delivery's or the stray call's.

    After `forgotten`, when a sandbox was reset or what it had was cleared, look at everything anew.
    """

    seq = fields.String(required=True)
    at = fields.String(required=True, allow_none=True)
    sandbox = fields.String(required=True, allow_none=True)
    kind = fields.Enum(NewsKind, by_value=True, required=True)
    orderId = fields.String(required=True, allow_none=True)  # noqa: N815
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    id = fields.Integer(required=True, allow_none=True)


class EventsSchema(Schema):
    """What happened, and where to go on."""

    seq = fields.String(required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)
