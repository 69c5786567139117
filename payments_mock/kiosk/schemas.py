"""What clients may send, checked before anything else sees it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from flask import Request
from marshmallow import Schema, ValidationError, fields, post_load, validate
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from payments_mock.kiosk.errors import InvalidInputError
from payments_mock.kiosk.lifecycle import OrderStatus
from payments_mock.kiosk.refund_reason import DEFAULT_REASON
from payments_mock.kiosk.text import is_storable

MOST_LINES = 20
MOST_PIECES = 99
MOST_ORDERS = 200
LONGEST_REASON = 200


class NoFieldsSchema(Schema):
    """An action without any details: what to charge is the kiosk's own business."""


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
    """Return the request's JSON body as ``schema`` reads it; no body at all is an empty object.

    Raises ``InvalidInputError``, naming the fields, and werkzeug's 413 and 415.
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
    """Return the query string as ``schema`` reads it; raise ``InvalidInputError`` naming the fields."""
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
