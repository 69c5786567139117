"""What the pages may send, checked before anything else sees it."""

from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from payments_mock.kiosk.refund_reason import DEFAULT_REASON
from payments_mock.kiosk.schemas import (
    LONGEST_REASON,
    MOST_LINES,
    MOST_ORDERS,
    CartLineSchema,
    add_up,
    refuse_unstorable,
)
from payments_mock.kiosk.text import storable

MOST_SEATS = 8
LONGEST_BUYER = 100
LARGEST_AMOUNT = 2**53 - 1


class Won(fields.Field[int]):
    """An amount in KRW: a number, or the text of one, as the provider's redirect brings it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
            value = int(value)
        if type(value) is not int or not 1 <= value <= LARGEST_AMOUNT:
            raise ValidationError("Must be a whole number of won.")
        return value


def buyer() -> fields.String:
    """Return the field of a buyer's name."""
    return fields.String(required=True, validate=[validate.Length(max=LONGEST_BUYER), refuse_unstorable])


def cancel_reason() -> fields.String:
    """Return the field of why money goes back."""
    return fields.String(
        load_default=DEFAULT_REASON, validate=[validate.Length(max=LONGEST_REASON), refuse_unstorable]
    )


class NewOrderSchema(Schema):
    """What a shopper wants: things of the menu by id, seats by id, and who the shopper is."""

    buyer = buyer()
    items = fields.List(
        fields.Nested(CartLineSchema), load_default=list, validate=validate.Length(max=MOST_LINES)
    )
    seats = fields.List(
        fields.String(validate=validate.Regexp(r"[A-Z][0-9]{1,2}\Z", error="Not a seat.")),
        load_default=list,
        validate=validate.Length(max=MOST_SEATS),
    )

    @validates_schema
    def refuse_nothing(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Refuse an order of nothing, and a seat wanted twice."""
        if not data["items"] and not data["seats"]:
            raise ValidationError("Order something: items or seats.", "items")
        if len(set(data["seats"])) < len(data["seats"]):
            raise ValidationError("Each seat once.", "seats")

    @staticmethod
    def cart_of(data: dict[str, Any]) -> dict[str, int]:
        """Return quantities by item id."""
        return add_up(data["items"])


class ConfirmSchema(Schema):
    """What the provider's window gave the shopper's browser; what else its redirect carries is ignored."""

    class Meta:
        """What a redirect carries besides."""

        unknown = EXCLUDE

    paymentKey = fields.String(  # noqa: N815 - the provider's spelling
        required=True,
        validate=validate.Regexp(r"[A-Za-z0-9_-][A-Za-z0-9_.=-]{0,199}\Z", error="Not a payment key."),
    )
    orderId = fields.UUID(required=True)  # noqa: N815
    amount = Won(required=True)


class FailSchema(Schema):
    """Why the provider's window ended without a payment; a window that was closed names no order."""

    class Meta:
        """What a redirect carries besides."""

        unknown = EXCLUDE

    code = fields.String(required=True, validate=validate.Regexp(r"[A-Z0-9_]{1,100}\Z", error="Not a code."))
    message = fields.Function(
        deserialize=lambda text: storable(text, 300) if isinstance(text, str) else "", load_default=""
    )
    orderId = fields.UUID(load_default=None, allow_none=True)  # noqa: N815


class _OrderOfAnything(fields.Field[str | None]):
    """The id of an order of this shop's kind, None for whatever else an event is about."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        try:
            return str(UUID(value)) if isinstance(value, str) else None
        except ValueError:
            return None


class _EventDataSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    orderId = _OrderOfAnything(load_default=None)  # noqa: N815


class WebhookSchema(_EventDataSchema):
    """Which order a webhook is about: deposit callbacks name it at the top, other events in their ``data``.

    Nothing else is read. Whoever knows the address can send one, so what it claims is looked up.
    """

    data = fields.Nested(_EventDataSchema, load_default=dict)

    @staticmethod
    def order_of(told: dict[str, Any]) -> str | None:
        """Return the id of the order, None where the event is about something else."""
        order_id: str | None = told["data"].get("orderId") or told["orderId"]
        return order_id


class CancelSchema(Schema):
    """Why one order's money goes back."""

    cancelReason = cancel_reason()  # noqa: N815


class LedgerCancelSchema(CancelSchema):
    """Whose money goes back, by what people know of an order."""

    buyer = buyer()
    orderName = fields.String(required=True, validate=[validate.Length(max=100), refuse_unstorable])  # noqa: N815


class LimitSchema(Schema):
    """How much of a list to show."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_ORDERS))
