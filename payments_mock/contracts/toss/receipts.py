"""Operations of cash receipts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import CashReceiptEntry, CashReceiptKindName
from payments_mock.api.schemas import DAY, RequestSchema, whole
from payments_mock.api.values import (
    ORDER_EXAMPLE,
    UNTAXED,
    WON_FROM_1,
    NumberAsText,
    Won,
    order_id,
    order_name,
)
from payments_mock.contracts.toss.payment_presentation import present_cash_receipt, present_cash_receipt_page
from payments_mock.domain import receipts as errors
from payments_mock.domain.errors import QueryLimitError
from payments_mock.domain.receipts import IDENTITY_NUMBER, MOST_ROWS
from payments_mock.domain.values import LARGEST_AMOUNT
from payments_mock.services.receipts import (
    CashReceiptOrder,
    cancel_cash_receipt,
    issue_cash_receipt,
    list_cash_receipts,
)

DEFAULT_ROWS = 100


class CashReceiptRequest(RequestSchema):
    """What was paid for how much, and whose the receipt is."""

    example: Mapping[str, Any] = {
        **ORDER_EXAMPLE,
        "type": "소득공제",
        "customerIdentityNumber": "01012345678",
    }
    missing_code = "INVALID_REQUIRED_PARAM"

    amount = Won(required=True, validate=validate.Range(min=1), metadata=WON_FROM_1)
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    type = CashReceiptKindName(required=True)
    customerIdentityNumber = NumberAsText(  # noqa: N815
        required=True,
        metadata={
            "code": "INVALID_CASH_RECEIPT_INFO",
            "pattern": whole(IDENTITY_NUMBER.pattern),
            "example": "01012345678",
        },
    )
    taxFreeAmount = Won(  # noqa: N815
        allow_none=True, validate=validate.Range(min=0), metadata=UNTAXED
    )

    @validates_schema
    def _check_tax_free_part(self, data: dict[str, Any], **more: Any) -> None:
        if (data.get("taxFreeAmount") or 0) > data.get("amount", 0):
            raise ValidationError("Must not be more than amount.", "taxFreeAmount")


class CashReceiptCancelRequest(RequestSchema):
    """How much of a receipt is to be canceled; without an amount, or a body, all that is left."""

    example: Mapping[str, Any] = {"amount": 5000}
    may_be_absent = True

    amount = Won(allow_none=True, validate=validate.Range(min=1), metadata=WON_FROM_1)


class CashReceiptQuery(Schema):
    """Which day's receipts, by the Korean calendar, behind which cursor, and how many."""

    requestDate = fields.Date(  # noqa: N815
        required=True,
        format="%Y-%m-%d",
        validate=validate.Range(min=date(1970, 1, 1), max=date(2999, 12, 31)),
        metadata={"pattern": whole(DAY), "example": "2024-01-31"},
    )
    cursor = fields.Integer(validate=validate.Range(min=0, max=LARGEST_AMOUNT), load_default=0)
    limit = fields.Integer(
        validate=validate.Range(min=1), load_default=DEFAULT_ROWS, metadata={"maximum": MOST_ROWS}
    )


class CashReceiptList(Schema):
    """Receipts and their cancels, oldest first; `lastCursor` asks for those behind them."""

    hasNext = fields.Boolean(required=True)  # noqa: N815
    lastCursor = fields.Integer(required=True, strict=True)  # noqa: N815
    data = fields.List(fields.Nested(CashReceiptEntry), required=True)


def _issue(call: Call) -> dict[str, Any]:
    body = call.body
    order = CashReceiptOrder(
        order_id=body["orderId"],
        order_name=body["orderName"],
        amount=body["amount"],
        kind=body["type"],
        identity_number=body["customerIdentityNumber"],
        tax_free_amount=body.get("taxFreeAmount") or 0,
    )
    return present_cash_receipt(call.context, issue_cash_receipt(call.context, call.connection, order))


def _cancel(call: Call) -> dict[str, Any]:
    amount = call.body.get("amount")
    told = cancel_cash_receipt(call.context, call.connection, call.path["receipt_key"], amount)
    return present_cash_receipt(call.context, told)


def _list(call: Call) -> dict[str, Any]:
    query = call.query
    page = list_cash_receipts(call.context, query["requestDate"], query["cursor"], query["limit"])
    return present_cash_receipt_page(call.context, page)


OPERATIONS = (
    Operation(
        "cash-receipt",
        "POST",
        "/v1/cash-receipts",
        "Issue a cash receipt",
        _issue,
        body=CashReceiptRequest(),
        answer=CashReceiptEntry,
        errors=(errors.CashReceiptInfoError, errors.CashReceiptExistsError),
    ),
    Operation(
        "cancel-cash-receipt",
        "POST",
        "/v1/cash-receipts/<receipt_key>/cancel",
        "Cancel a cash receipt, or a part of it",
        _cancel,
        body=CashReceiptCancelRequest(),
        answer=CashReceiptEntry,
        errors=(
            errors.CashReceiptNotFoundError,
            errors.CashReceiptCanceledError,
            errors.CashReceiptAmountError,
        ),
    ),
    Operation(
        "cash-receipts",
        "GET",
        "/v1/cash-receipts",
        "List the cash receipts of a day",
        _list,
        query=CashReceiptQuery(),
        answer=CashReceiptList,
        errors=(QueryLimitError,),
    ),
)
