"""What the provider's answers mean: approved, refused, never sent, or unknown.

Only an answer that can be read in full, and that speaks of the very payment asked about, counts. Whatever
else comes back leaves the outcome unknown, and an unknown outcome is settled by a look-up, never by a guess.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields

LONGEST_CODE = 100
LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Charge:
    """What the kiosk asks to be paid: `amount` in KRW for an order, under a payment key."""

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

    `is_done_before` tells that the provider says that it was, by an earlier request: a look-up knows more.
    """

    why: str
    is_done_before: bool = False


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, read in full."""

    status: int
    body: bytes


class ProviderSchema(Schema):
    """The fields of an answer that the kiosk reads."""

    class Meta:
        """Other fields are ignored."""

        unknown = EXCLUDE


class StorableText(fields.String):
    """Text that can be stored, of at most 2000 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_storable(text) or len(text) > 2000:
            raise ValidationError("Not fit to be stored.")
        return text


class ReceiptLinkSchema(ProviderSchema):
    """Where the receipt is."""

    url = StorableText(required=True)


class RefusalSchema(ProviderSchema):
    """A refusal."""

    code = fields.String(required=True)
    message = fields.String(load_default="")


@dataclass(frozen=True)
class RefusalRule:
    """How a contract refuses: with one of `statuses`, unless the code leaves the payment undecided.

    `done_before` are codes by which the provider says that an earlier request was carried out.
    """

    statuses: frozenset[int]
    undecided: frozenset[str]
    done_before: frozenset[str] = frozenset()

    def read(self, reply: Reply) -> Refused | Unknown:
        """Read an answer that is not a success."""
        answer = None if reply.status == 200 else load_answer(RefusalSchema(), reply)
        if answer is None:
            return Unknown(f"the provider's answer, of status {reply.status}, does not say what happened")
        code = storable(answer["code"], LONGEST_CODE)
        is_done_before = code in self.done_before
        if reply.status not in self.statuses or is_done_before or code in self.undecided:
            return Unknown(f"the provider answered {reply.status} {code}", is_done_before)
        return Refused(code, storable(answer["message"], LONGEST_MESSAGE))


def is_approved(payment: ProviderPayment) -> bool:
    """Tell whether the provider says that the shopper is charged."""
    return payment.status == "APPROVED" and payment.approved_at is not None


def describe(answer: ProviderPayment | Refused | NotSent | Unknown) -> str:
    """Return an answer in words for a log, without anything secret."""
    if isinstance(answer, ProviderPayment):
        return f"the provider has it as {answer.status}"
    return f"{answer.code}: {answer.message}" if isinstance(answer, Refused) else answer.why


def load_answer(schema: Schema, reply: Reply) -> dict[str, Any] | None:
    """Return what `schema` reads in an answer, None where it does not fit."""
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


def is_storable(text: str) -> bool:
    """Tell whether `text` has neither control characters, such as NUL, nor half a surrogate pair."""
    return not any(character < " " or "\ud800" <= character <= "\udfff" for character in text)


def storable(text: str, longest: int) -> str:
    """Return `text` cut to `longest` characters, with a question mark for each unstorable one."""
    return "".join(character if is_storable(character) else "?" for character in text[:longest])
