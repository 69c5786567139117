"""What clients may send; it is checked before anything else sees it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from flask import Request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from payments_mock.kiosk.errors import InvalidInputError
from payments_mock.kiosk.lifecycle import DEFAULT_REASON, OrderStatus
from payments_mock.kiosk.provider.answers import is_storable, storable

MOST_LINES = 20
MOST_PIECES = 99
MOST_ORDERS = 200
LONGEST_REASON = 200
MOST_SEATS = 8
LONGEST_BUYER = 100
LARGEST_AMOUNT = 2**53 - 1


class NoFieldsSchema(Schema):
    """An action without any details: the kiosk knows what to charge."""


class CartLineSchema(Schema):
    """One item of a cart."""

    id = fields.String(
        required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{1,40}\Z", error="Not an id of the menu.")
    )
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_PIECES))


class CartSchema(Schema):
    """A cart; it becomes quantities by item id, with the lines of one item added up."""

    items = fields.List(
        fields.Nested(CartLineSchema), required=True, validate=validate.Length(min=1, max=MOST_LINES)
    )

    @post_load
    def to_cart(self, data: dict[str, Any], **kwargs: Any) -> dict[str, int]:
        """Return quantities by item id."""
        return add_up(data["items"])


def add_up(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return quantities by item id, with the lines of one item added up."""
    cart: dict[str, int] = {}
    for line in lines:
        cart[line["id"]] = cart.get(line["id"], 0) + line["quantity"]
    return cart


def refuse_unstorable(text: str) -> None:
    """Refuse text that says nothing, or that a database could not hold."""
    if not text.strip() or not is_storable(text):
        raise ValidationError("Must be text without control characters.")


class RefundSchema(Schema):
    """Why the money goes back."""

    reason = fields.String(
        load_default=DEFAULT_REASON, validate=[validate.Length(max=LONGEST_REASON), refuse_unstorable]
    )


class OrderListSchema(Schema):
    """Which orders to list."""

    status = fields.Enum(OrderStatus, load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_ORDERS))


def load_body(schema: Schema, request: Request) -> Any:
    """Return the request's JSON body as `schema` reads it; no body at all is an empty object.

    Raises:
        InvalidInputError: a field is wrong; the error names it.
        RequestEntityTooLarge, UnsupportedMediaType: werkzeug's 413 and 415.
    """
    if not request.get_data():
        return _load(schema, {})
    if not request.is_json:
        raise UnsupportedMediaType("The body must be sent as application/json.")
    try:
        body = request.get_json()
    except (BadRequest, RecursionError):
        raise InvalidInputError("The body is not JSON that can be read.") from None
    if not isinstance(body, dict):
        raise InvalidInputError("The body must be a JSON object.")
    return _load(schema, body)


def load_query(schema: Schema, request: Request) -> Any:
    """Return the query string as `schema` reads it.

    Raises:
        InvalidInputError: a field is wrong; the error names it.
    """
    return _load(schema, request.args.to_dict())


def _load(schema: Schema, data: Mapping[str, Any]) -> Any:
    try:
        return schema.load(data)
    except ValidationError as error:
        reasons = dict(_flatten(cast("dict[str, Any]", error.messages)))
        raise InvalidInputError("The request is not valid.", reasons) from error


def _flatten(messages: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, reasons in messages.items():
        path = f"{prefix}{name}"
        if isinstance(reasons, dict):
            yield from _flatten(reasons, f"{path}.")
        else:
            yield path, reasons


class WonField(fields.Field[int]):
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
        """Other parameters are ignored."""

        unknown = EXCLUDE

    paymentKey = fields.String(  # noqa: N815 - the provider's spelling
        required=True,
        validate=validate.Regexp(r"[A-Za-z0-9_-][A-Za-z0-9_.=-]{0,199}\Z", error="Not a payment key."),
    )
    orderId = fields.UUID(required=True)  # noqa: N815
    amount = WonField(required=True)


class FailSchema(Schema):
    """Why the provider's window ended without a payment; a window that was closed names no order."""

    class Meta:
        """Other parameters are ignored."""

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
    """Which order a webhook is about: deposit callbacks name it at the top, other events in their `data`.

    Nothing else is read. Whoever knows the address can send one, so what it claims is looked up.
    """

    data = fields.Nested(_EventDataSchema, load_default=dict)

    @staticmethod
    def order_of(told: dict[str, Any]) -> str | None:
        """Return the id of the order, None where the event is about something else."""
        order_id: str | None = told["data"].get("orderId") or told["orderId"]
        return order_id


class OrderCancelSchema(Schema):
    """Why one order's money goes back."""

    cancelReason = cancel_reason()  # noqa: N815


class LedgerCancelSchema(OrderCancelSchema):
    """Whose money goes back, by what people know of an order."""

    buyer = buyer()
    orderName = fields.String(required=True, validate=[validate.Length(max=100), refuse_unstorable])  # noqa: N815


class LimitSchema(Schema):
    """How much of a list to show."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_ORDERS))
