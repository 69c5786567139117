"""What confirm and cancel take."""

from marshmallow import EXCLUDE, Schema, fields

from payments_mock.contracts.toss.schemas.values import Text, Won
from payments_mock.http.plain_schema import PlainSchema


class OldConfirmRequest(PlainSchema):
    """The order and the amount of a payment whose key stands in the path."""

    orderId = fields.String(required=True)  # noqa: N815
    amount = Won(required=True)


class ConfirmRequest(OldConfirmRequest):
    """The three values that the shop's success page was given."""

    paymentKey = Text(200, required=True)  # noqa: N815


class RefundAccountRequest(Schema):
    """Where a deposit is to go back to; `bank` is a code, or the Korean or English name.

    A number that can't be an account's has a code of its own, so it is judged beyond the schema.
    """

    bank = Text(30, required=True)
    accountNumber = Text(200, required=True)  # noqa: N815
    holderName = Text(60, required=True)  # noqa: N815


class CancelRequest(PlainSchema):
    """Why, and how much of the payment, is to be canceled; without an amount all that is left."""

    cancelReason = Text(200, required=True)  # noqa: N815
    cancelAmount = Won()  # noqa: N815
    taxFreeAmount = Won()  # noqa: N815
    refundableAmount = Won()  # noqa: N815
    currency = Text(10, metadata={"code": "INVALID_CURRENCY"})
    refundReceiveAccount = fields.Nested(  # noqa: N815
        RefundAccountRequest,
        allow_none=True,
        unknown=EXCLUDE,
        metadata={"code": "INVALID_REFUND_ACCOUNT_INFO"},
    )
