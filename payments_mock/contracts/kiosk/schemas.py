"""What goes over the wire in the kiosk contract; the OpenAPI document is made from these."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.api.schemas import PRINTABLE, ContractErrorSchema, PlainSchema, WholeText
from payments_mock.domain.values import LARGEST_AMOUNT

PAYMENT_KEY_PATTERN = r"^(?!\.{1,2}$)[A-Za-z0-9\-._~!$&'()*+,;=:@]{1,200}$"
ORDER_ID_PATTERN = r"^[A-Za-z0-9_\-]{6,64}$"
STATUSES = ("INITIATED", "APPROVED", "CANCELED", "ABORTED", "EXPIRED")


class Amount(fields.Integer):
    """An amount in KRW: a JSON integer, and nothing that only resembles one."""

    default_error_messages = {"invalid": "Must be a whole number of won, not text, a fraction, true or null."}  # noqa: RUF012

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            strict=True,
            validate=validate.Range(min=1, max=LARGEST_AMOUNT),
            metadata={"example": 10000},
            **arguments,
        )

    def _validated(self, value: Any) -> Any:
        if type(value) is not int:
            raise self.make_error("invalid")
        return value


def _payment_key() -> fields.String:
    message = "Must be 1 to 200 characters that are safe in a path: letters, digits and -._~!$&'()*+,;=:@"
    valid = WholeText(PAYMENT_KEY_PATTERN, error=message)
    return fields.String(required=True, validate=valid, metadata={"example": "pay_123"})


def _order_id() -> fields.String:
    message = "Must be 6 to 64 characters of A-Z, a-z, 0-9, _ and -."
    valid = WholeText(ORDER_ID_PATTERN, error=message)
    return fields.String(required=True, validate=valid, metadata={"example": "order_123"})


class PaymentRequest(PlainSchema):
    """The three values that create and confirm take."""

    example: Mapping[str, Any] = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}

    paymentKey = _payment_key()  # noqa: N815
    orderId = _order_id()  # noqa: N815
    amount = Amount(required=True)


class WholeCancelRequest(PlainSchema):
    """Why a payment is canceled, and optionally its whole amount."""

    example: Mapping[str, Any] = {"cancelReason": "USER_REQUEST", "cancelAmount": 10000}

    cancelReason = fields.String(  # noqa: N815
        required=True,
        validate=[validate.Length(min=1, max=200), PRINTABLE],
        metadata={"example": "USER_REQUEST"},
    )
    cancelAmount = Amount()  # noqa: N815


class CreatedPayment(Schema):
    """A payment as create answers it."""

    paymentKey = fields.String(required=True)  # noqa: N815
    orderId = fields.String(required=True)  # noqa: N815
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))


class ReceiptSchema(Schema):
    """Where the receipt page is."""

    url = fields.Url(required=True, require_tld=False)


class ConfirmedPayment(CreatedPayment):
    """A payment as confirm answers it."""

    method = fields.String(required=True, allow_none=True)
    approvedAt = fields.DateTime(required=True, allow_none=True)  # noqa: N815
    totalAmount = fields.Integer(required=True)  # noqa: N815
    receipt = fields.Nested(ReceiptSchema, required=True, allow_none=True)


class FoundPayment(ConfirmedPayment):
    """A payment as the look-ups answer it."""

    canceledAt = fields.DateTime(required=True, allow_none=True)  # noqa: N815
    cancelReason = fields.String(required=True, allow_none=True)  # noqa: N815


class CanceledPayment(Schema):
    """A payment as cancel answers it."""

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    canceledAt = fields.DateTime(required=True)  # noqa: N815


class KioskErrorSchema(ContractErrorSchema):
    """Why a call was refused; `errors` comes with INVALID_REQUEST, by field."""

    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
