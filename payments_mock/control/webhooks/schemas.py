"""The schemas of webhooks in the control API."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.catalogue import STATUS_OF_STATE
from payments_mock.api.schemas import (
    WEB_ADDRESS,
    WITHOUT_NUL,
    WholeText,
    any_of,
    names,
    names_none_of,
    says,
    says_if_named,
    whole,
)
from payments_mock.api.values import Number, StrictText, changed_fields, fields_left_out
from payments_mock.control.clock import LengthOfTime
from payments_mock.control.requests import ALWAYS, SAID_TIMES, KnownCode, Paging, Times, wait_field
from payments_mock.domain.values import LONGEST_URL, Cause
from payments_mock.domain.webhooks import USUAL_EVENTS, DeliveryState, EventType

PAYMENT_EVENTS: Final = (EventType.PAYMENT_STATUS_CHANGED, EventType.DEPOSIT_CALLBACK)
"""The kinds of event that tell of a payment."""

CONTRADICTORY: Final = "contradictory"
ORDERS: Final = ("after", "before", CONTRADICTORY)
CONTRADICTION_FIELDS: Final = ("contradiction", "code")
DELAY_FIELDS: Final = ("delay", "delaySeconds")
MOST_COPIES: Final = 100
LONGEST_DELAY_SECONDS: Final = 600
LONGEST_BODY: Final = 50_000
MOST_DELIVERIES: Final = 1000
STATE_OF_STATUS: Final = {status: state for state, status in STATUS_OF_STATE.items()}


def status_field() -> fields.String:
    """Make the field of a payment's status, as webhooks tell it."""
    return fields.String(validate=validate.OneOf(tuple(STATE_OF_STATUS)))


def _url(**arguments: Any) -> StrictText:
    said = {
        "pattern": whole(WEB_ADDRESS),
        "description": "Where the server's setting webhook_targets lets webhooks go.",
        "example": "http://localhost:8080/webhooks",
    }
    return StrictText(LONGEST_URL, metadata=said, **arguments)


class WebhookRequest(Schema):
    """Where the merchant listens, and for what; a URL registered before gets these events instead."""

    example: Mapping[str, Any] = {"url": "http://localhost:8080/webhooks"}

    url = _url(required=True)
    events = fields.List(
        fields.Enum(EventType, by_value=True),
        load_default=USUAL_EVENTS,
        validate=validate.Length(min=1),
    )
    securityKey = StrictText(200)  # noqa: N815


class Webhook(Schema):
    """A registered webhook."""

    id = fields.Integer(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    createdAt = fields.String(required=True)  # noqa: N815


class WebhooksSchema(Schema):
    """The webhooks of a sandbox, in the order in which they were registered."""

    webhooks = fields.List(fields.Nested(Webhook), required=True)


class WebhookRuleMatch(Schema):
    """Which events are meant: those that agree in everything that is named."""

    event = fields.Enum(EventType, by_value=True)
    status = status_field()
    paymentKey = StrictText(200)  # noqa: N815
    orderId = StrictText(64)  # noqa: N815


class WebhookRuleRequest(Schema):
    """How the events that match arrive.

    `order` is relative to the answer of the call that caused the event; contradictory ones are followed by an
    event that tells the same payment's `contradiction`, ABORTED if none is named. `delaySeconds` are real,
    `delay` is time on the sandbox's clock. 0 copies lose the event.
    """

    example: Mapping[str, Any] = {"match": {"event": "PAYMENT_STATUS_CHANGED"}, "copies": 2}
    rules = (
        any_of(says("order", [CONTRADICTORY]), names_none_of(CONTRADICTION_FIELDS)),
        any_of({"not": says("order", ["before"])}, names_none_of(DELAY_FIELDS)),
    )

    name = fields.String(
        validate=WholeText(r"^[A-Za-z0-9_.-]{1,100}$", error="Must be 1 to 100 of A-Z, a-z, 0-9, _, . and -.")
    )
    match = fields.Nested(WebhookRuleMatch, load_default=dict)
    order = fields.String(load_default="after", validate=validate.OneOf(ORDERS))
    contradiction = status_field()
    code = fields.String(validate=KnownCode())
    copies = fields.Integer(strict=True, load_default=1, validate=validate.Range(min=0, max=MOST_COPIES))
    delaySeconds = Number(validate=validate.Range(min=0, max=LONGEST_DELAY_SECONDS))  # noqa: N815
    delay = LengthOfTime()
    times = Times(load_default=ALWAYS)

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if data["order"] != CONTRADICTORY:
            for name in data.keys() & set(CONTRADICTION_FIELDS):
                raise ValidationError('Goes with the order "contradictory" only.', name)
        if data["order"] == "before" and data.keys() & set(DELAY_FIELDS):
            raise ValidationError("What is delayed does not come before the answer.", "order")


class WebhookRuleSchema(Schema):
    """A rule, with how many events it was applied to."""

    name = fields.String(required=True)
    match = fields.Nested(WebhookRuleMatch, required=True)
    order = fields.String(required=True)
    contradiction = fields.String(allow_none=True, required=True)
    copies = fields.Integer(required=True)
    delaySeconds = fields.Float(required=True)  # noqa: N815
    delay = fields.String(required=True)
    times = fields.Raw(required=True, metadata=SAID_TIMES)
    applied = fields.Integer(required=True)


class WebhookRules(Schema):
    """The rules of a sandbox, in the order in which they were made."""

    rules = fields.List(fields.Nested(WebhookRuleSchema), required=True)


class DeliveryQuery(Paging):
    """Which deliveries are meant: those that agree in everything that is named, behind `after`."""

    event = fields.Enum(EventType, by_value=True)
    state = fields.Enum(DeliveryState, by_value=True)
    status = status_field()
    paymentKey = StrictText(200)  # noqa: N815
    orderId = StrictText(64)  # noqa: N815
    url = StrictText(LONGEST_URL)
    entry = fields.Integer(
        validate=validate.Range(min=1, max=2**53),
        metadata={"description": "Those alone that the call with this number in the journal has caused."},
    )
    after = fields.Integer(validate=validate.Range(min=0, max=2**53))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MOST_DELIVERIES))


class AttemptSchema(Schema):
    """One attempt: the headers as they were sent, and what came back; `at` by the clock of the sandbox."""

    number = fields.Integer(required=True)
    at = fields.String(required=True)
    sentAt = fields.String(required=True)  # noqa: N815
    milliseconds = fields.Integer(required=True)
    headers = fields.Dict(required=True)
    status = fields.Integer(required=True, allow_none=True)
    answerHeaders = fields.Dict(required=True, allow_none=True)  # noqa: N815
    answerBody = fields.String(required=True, allow_none=True)  # noqa: N815
    error = fields.String(required=True, allow_none=True)


class WebhookDelivery(Schema):
    """One event on its way to one URL: the very text that is sent, and every attempt."""

    id = fields.Integer(required=True)
    transmissionId = fields.String(required=True)  # noqa: N815
    event = fields.String(required=True)
    url = fields.String(required=True)
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    orderId = fields.String(required=True, allow_none=True)  # noqa: N815
    status = fields.String(required=True, allow_none=True)
    forged = fields.Boolean(required=True)
    cause = fields.Enum(
        Cause,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "Who caused it; null where an earlier release has written it."},
    )
    entry = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The journal's entry of what caused it, null where it has none."},
    )
    state = fields.String(required=True)
    createdAt = fields.String(required=True)  # noqa: N815
    nextAttemptAt = fields.String(required=True, allow_none=True)  # noqa: N815
    body = fields.String(required=True)
    attempts = fields.List(fields.Nested(AttemptSchema), required=True)


class WebhookDeliveries(Schema):
    """The deliveries of a sandbox, the oldest first, unless the newest were asked for."""

    deliveries = fields.List(fields.Nested(WebhookDelivery), required=True)


class QuietQuery(Schema):
    """Whose webhooks are meant, and whether to wait up to `wait` seconds until they are quiet."""

    orderId = StrictText(64)  # noqa: N815
    wait = wait_field()


class Quiet(Schema):
    """Whether nothing is under way; `later` retries wait for the clock, the next until `nextAttemptAt`."""

    quiet = fields.Boolean(required=True)
    underWay = fields.Integer(required=True)  # noqa: N815
    later = fields.Integer(required=True)
    nextAttemptAt = fields.String(required=True, allow_none=True)  # noqa: N815


class ForgeRequest(Schema):
    """An event that never happened: its body as an object or as raw text, and where it goes.

    Or, with `paymentKey`, what a real event would tell of that payment now, with fields `set` or removed by
    their paths.

    Without `url` it goes to every webhook that is registered for its kind: `event`, or else the body's
    `eventType`, or DEPOSIT_CALLBACK. `securityKey` signs payout.changed and seller.changed, and nothing else.
    """

    example: Mapping[str, Any] = {"body": {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"status": "DONE"}}}
    rules = (
        {"oneOf": [names("body"), names("raw"), names("paymentKey")]},
        any_of(names("paymentKey"), names_none_of(("set", "remove"))),
        any_of({"not": names("paymentKey")}, says_if_named("event", PAYMENT_EVENTS)),
    )

    event = fields.Enum(EventType, by_value=True)
    body = fields.Dict()
    raw = fields.String(validate=validate.Length(max=LONGEST_BODY), metadata={"pattern": WITHOUT_NUL})
    paymentKey = StrictText(200)  # noqa: N815
    set = changed_fields()
    remove = fields_left_out()
    url = _url()
    securityKey = StrictText(200)  # noqa: N815

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if len(data.keys() & {"body", "raw", "paymentKey"}) != 1:
            why = "Give one of body, an object, raw, the very text to send, and paymentKey, a real payment's."
            raise ValidationError(why, "body")
        for name in data.keys() & {"set", "remove"}:
            if "paymentKey" not in data:
                raise ValidationError("Goes with paymentKey only.", name)
        if "paymentKey" in data and data.get("event", PAYMENT_EVENTS[0]) not in PAYMENT_EVENTS:
            why = f"Must be {' or '.join(PAYMENT_EVENTS)}, the events of a payment."
            raise ValidationError(why, "event")
        if "\0" in data.get("raw", ""):
            raise ValidationError("Must not hold NUL.", "raw")


class ForgedDeliveries(Schema):
    """The ids of the deliveries; the first attempt at each was made before the answer."""

    transmissionIds = fields.List(fields.String(), required=True)  # noqa: N815
