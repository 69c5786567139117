"""What the provider's answers mean: approved, refused, never sent, or unknown.

Only an answer that can be read in full, and that speaks of the very payment asked about, counts. Whatever
else comes back leaves the outcome unknown, and an unknown outcome is settled by a look-up, never by a guess.
Source of the shapes and codes: the integration guide.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from payments_mock.kiosk.text import is_storable, storable

LONGEST_CODE = 100
LONGEST_MESSAGE = 300

REFUSING_STATUSES = frozenset({400, 404, 409, 422})
ASK_FIRST_CODES = frozenset(
    {"IDEMPOTENT_REQUEST_PROCESSING", "ALREADY_PROCESSED_PAYMENT", "ALREADY_CANCELED_PAYMENT"}
)
"""Refusals of the request that say nothing against the payment: an earlier request may have succeeded."""


@dataclass(frozen=True)
class Charge:
    """What the kiosk asks to be paid: ``amount`` in KRW for an order, under a payment key."""

    payment_key: str
    order_id: str
    amount: int


@dataclass(frozen=True)
class ProviderPayment:
    """A payment as the provider tells it."""

    status: str
    method: str | None
    approved_at: datetime | None
    receipt_url: str | None
    canceled_at: datetime | None


@dataclass(frozen=True)
class Created:
    """The provider knows the payment now."""


@dataclass(frozen=True)
class Approved:
    """The shopper was charged."""

    payment: ProviderPayment


@dataclass(frozen=True)
class Canceled:
    """The money went back."""

    canceled_at: datetime


@dataclass(frozen=True)
class Refused:
    """The provider understood and said no: this request changed nothing."""

    code: str
    message: str


@dataclass(frozen=True)
class NotSent:
    """The provider was not reached: this request cannot have done anything."""

    why: str


@dataclass(frozen=True)
class Unknown:
    """The request may or may not have been carried out.

    ``is_done_before`` tells that the provider says that it was, by an earlier request: a look-up knows more.
    """

    why: str
    is_done_before: bool = False


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, read in full."""

    status: int
    body: bytes


class Answer(Schema):
    """What is read of an answer; the rest is the provider's own business."""

    class Meta:
        """What an answer has besides."""

        unknown = EXCLUDE


class StorableText(fields.String):
    """Text that can be stored, of at most 2000 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_storable(text) or len(text) > 2000:
            raise ValidationError("Not fit to be stored.")
        return text


class ReceiptSchema(Answer):
    """Where the receipt is."""

    url = StorableText(required=True)


class _CreatedSchema(Answer):
    paymentKey = StorableText(required=True)  # noqa: N815 - the provider's spelling
    orderId = StorableText(required=True)  # noqa: N815
    status = StorableText(required=True)


class _PaymentSchema(_CreatedSchema):
    totalAmount = fields.Integer(required=True, strict=True)  # noqa: N815
    method = StorableText(load_default=None, allow_none=True)
    approvedAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    canceledAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    receipt = fields.Nested(ReceiptSchema, load_default=None, allow_none=True)


class _CanceledSchema(Answer):
    status = StorableText(required=True)
    canceledAt = fields.AwareDateTime(required=True)  # noqa: N815


class ErrorSchema(Answer):
    """A refusal."""

    code = fields.String(required=True)
    message = fields.String(load_default="")


def read_created(reply: Reply, charge: Charge) -> Created | Refused | Unknown:
    """Read the answer to a creation."""
    answer = _load_success(_CreatedSchema(), reply)
    if answer is None or answer["paymentKey"] != charge.payment_key:
        return _read_refusal(reply)
    return Created()


def read_confirmed(reply: Reply, charge: Charge) -> Approved | Refused | Unknown:
    """Read the answer to a confirm; only APPROVED with a time, for this very charge, is an approval."""
    payment = _read_payment(reply, charge)
    if payment is not None and is_approved(payment):
        return Approved(payment)
    return _read_refusal(reply)


def read_found(reply: Reply, charge: Charge) -> ProviderPayment | Refused | Unknown:
    """Read the answer to a look-up."""
    payment = _read_payment(reply, charge)
    return payment if payment is not None else _read_refusal(reply)


def read_canceled(reply: Reply) -> Canceled | Refused | Unknown:
    """Read the answer to a cancel."""
    answer = _load_success(_CanceledSchema(), reply)
    if answer is None or answer["status"] != "CANCELED":
        return _read_refusal(reply)
    return Canceled(answer["canceledAt"])


def read_shown(reply: Reply) -> dict[str, Any] | Refused | Unknown:
    """Read the answer to a look-up as it stands."""
    answer = parse(reply) if reply.status == 200 else None
    return _read_refusal(reply) if answer is None else answer


def is_approved(payment: ProviderPayment) -> bool:
    """Tell whether the provider says that the shopper is charged."""
    return payment.status == "APPROVED" and payment.approved_at is not None


def describe(answer: ProviderPayment | Refused | NotSent | Unknown) -> str:
    """Return an answer in words for a log, without anything secret."""
    if isinstance(answer, ProviderPayment):
        return f"the provider has it as {answer.status}"
    return f"{answer.code}: {answer.message}" if isinstance(answer, Refused) else answer.why


def _read_payment(reply: Reply, charge: Charge) -> ProviderPayment | None:
    answer = _load_success(_PaymentSchema(), reply)
    asked = (charge.payment_key, charge.order_id, charge.amount)
    if answer is None or (answer["paymentKey"], answer["orderId"], answer["totalAmount"]) != asked:
        return None
    return ProviderPayment(
        status=answer["status"],
        method=answer["method"],
        approved_at=answer["approvedAt"],
        receipt_url=answer["receipt"] and answer["receipt"]["url"],
        canceled_at=answer["canceledAt"],
    )


def _read_refusal(reply: Reply) -> Refused | Unknown:
    answer = None if reply.status == 200 else load_answer(ErrorSchema(), reply)
    if answer is None:
        return Unknown(f"the provider's answer, of status {reply.status}, does not say what happened")
    code = storable(answer["code"], LONGEST_CODE)
    if reply.status not in REFUSING_STATUSES or code in ASK_FIRST_CODES:
        return Unknown(f"the provider answered {reply.status} {code}")
    return Refused(code, storable(answer["message"], LONGEST_MESSAGE))


def _load_success(schema: Schema, reply: Reply) -> dict[str, Any] | None:
    return load_answer(schema, reply) if reply.status == 200 else None


def load_answer(schema: Schema, reply: Reply) -> dict[str, Any] | None:
    """Return what ``schema`` reads in an answer, None where it does not fit."""
    body = parse(reply)
    try:
        return None if body is None else cast("dict[str, Any]", schema.load(body))
    except (ValidationError, ValueError, OverflowError):
        return None


def parse(reply: Reply) -> dict[str, Any] | None:
    """Return the JSON object of an answer, None where it holds none."""
    try:
        body = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
