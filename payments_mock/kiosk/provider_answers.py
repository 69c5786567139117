"""What the provider's answers mean: approved, refused, never sent, or unknown.

Only an answer that can be read in full, and that speaks of the very payment asked about, counts. Whatever
else comes back leaves the outcome unknown, and an unknown outcome is settled by a look-up, never by a guess.
Source of the shapes and codes: ``004_908ac13ca74630c0.txt``.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    """The request may or may not have been carried out."""

    why: str


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, read in full."""

    status: int
    body: bytes


class _Answer(Schema):
    class Meta:
        unknown = EXCLUDE


class _Text(fields.String):
    """Text that can be stored, of at most 2000 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_storable(text) or len(text) > 2000:
            raise ValidationError("Not fit to be stored.")
        return text


class _ReceiptSchema(_Answer):
    url = _Text(required=True)


class _CreatedSchema(_Answer):
    paymentKey = _Text(required=True)  # noqa: N815 - the provider's spelling
    orderId = _Text(required=True)  # noqa: N815
    status = _Text(required=True)


class _PaymentSchema(_CreatedSchema):
    totalAmount = fields.Integer(required=True, strict=True)  # noqa: N815
    method = _Text(load_default=None, allow_none=True)
    approvedAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    canceledAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    receipt = fields.Nested(_ReceiptSchema, load_default=None, allow_none=True)


class _CanceledSchema(_Answer):
    status = _Text(required=True)
    canceledAt = fields.AwareDateTime(required=True)  # noqa: N815


class _ErrorSchema(_Answer):
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
    answer = None if reply.status == 200 else _load(_ErrorSchema(), reply)
    if answer is None:
        return Unknown(f"the provider's answer, of status {reply.status}, does not say what happened")
    code = storable(answer["code"], LONGEST_CODE)
    if reply.status not in REFUSING_STATUSES or code in ASK_FIRST_CODES:
        return Unknown(f"the provider answered {reply.status} {code}")
    return Refused(code, storable(answer["message"], LONGEST_MESSAGE))


def _load_success(schema: Schema, reply: Reply) -> dict[str, Any] | None:
    return _load(schema, reply) if reply.status == 200 else None


def _load(schema: Schema, reply: Reply) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = schema.load(json.loads(reply.body))
    except (ValidationError, ValueError, RecursionError, OverflowError):
        return None
    return answer
