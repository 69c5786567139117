"""What confirm and cancel take."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from payments_mock.contracts.toss.schemas.values import WON_FROM_0, WON_FROM_1, Text, Won
from payments_mock.domain.banks import BANK_NAMES
from payments_mock.domain.cancellation import CURRENCY
from payments_mock.domain.refund_accounts import ACCOUNT_NUMBER, MISMATCHING_HOLDER, REFUSING_ACCOUNT_END
from payments_mock.http.patterns import whole
from payments_mock.http.plain_schema import PlainSchema


class OldConfirmRequest(PlainSchema):
    """The order and the amount of a payment whose key stands in the path."""

    example: Mapping[str, Any] = {"orderId": "order_0001", "amount": 15000}

    orderId = fields.String(required=True)  # noqa: N815
    amount = Won(required=True, metadata=WON_FROM_1)


class ConfirmRequest(OldConfirmRequest):
    """The three values that the shop's success page was given."""

    example: Mapping[str, Any] = {
        **OldConfirmRequest.example,
        "paymentKey": "JpEWqaYEY5bPh7ttGgRNXK13F40fjYY9dZY532GjdA5m67aZ",
    }

    paymentKey = Text(200, required=True)  # noqa: N815


class RefundAccountRequest(Schema):
    """Where a deposit is to go back to; `bank` is a code, or the Korean or English name.

    What can't be a bank's or an account's has a code of its own, so it is judged beyond the schema.
    """

    bank = Text(30, required=True, metadata={"enum": BANK_NAMES})
    accountNumber = Text(  # noqa: N815
        200,
        required=True,
        metadata={
            "pattern": whole(ACCOUNT_NUMBER.pattern),
            "not": {"pattern": f"{REFUSING_ACCOUNT_END}$"},
            "example": "123456789012",
        },
    )
    holderName = Text(60, required=True, metadata={"not": {"enum": [MISMATCHING_HOLDER]}})  # noqa: N815


class CancelRequest(PlainSchema):
    """Why, and how much of the payment, is to be canceled; without an amount all that is left."""

    example: Mapping[str, Any] = {"cancelReason": "One cup too many", "cancelAmount": 5000}

    cancelReason = Text(200, required=True)  # noqa: N815
    cancelAmount = Won(metadata=WON_FROM_1)  # noqa: N815
    taxFreeAmount = Won(metadata=WON_FROM_0)  # noqa: N815
    refundableAmount = Won(metadata={**WON_FROM_1, "description": "What is left of the payment."})  # noqa: N815
    currency = Text(10, metadata={"code": "INVALID_CURRENCY", "enum": [CURRENCY]})
    refundReceiveAccount = fields.Nested(  # noqa: N815
        RefundAccountRequest,
        allow_none=True,
        unknown=EXCLUDE,
        metadata={"code": "INVALID_REFUND_ACCOUNT_INFO"},
    )
