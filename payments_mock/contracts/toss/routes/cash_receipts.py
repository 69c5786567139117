"""Cash receipts of money that was taken elsewhere: issue, cancel, list."""

from typing import Any

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.present.cash_receipts import (
    present_cash_receipt,
    present_cash_receipt_page,
)
from payments_mock.contracts.toss.schemas.cash_receipts import (
    CashReceiptCancelRequest,
    CashReceiptList,
    CashReceiptQuery,
    CashReceiptRequest,
)
from payments_mock.contracts.toss.schemas.payment import CashReceiptEntry
from payments_mock.domain import cash_receipt_errors as errors
from payments_mock.domain.errors import QueryLimitError
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.cash_receipts import (
    CashReceiptOrder,
    cancel_cash_receipt,
    issue_cash_receipt,
    list_cash_receipts,
)


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
    return present_cash_receipt(call.context, issue_cash_receipt(call.context, order))


def _cancel(call: Call) -> dict[str, Any]:
    told = cancel_cash_receipt(call.context, call.path["receipt_key"], call.body.get("amount"))
    return present_cash_receipt(call.context, told)


def _list(call: Call) -> dict[str, Any]:
    query = call.query
    page = list_cash_receipts(call.context, query["requestDate"], query["cursor"], query["limit"])
    return present_cash_receipt_page(call.context, page)


OPERATIONS = (
    Operation(
        *paths.CASH_RECEIPT,
        "Issue a cash receipt",
        _issue,
        body=CashReceiptRequest(),
        answer=CashReceiptEntry(),
        errors=(errors.CashReceiptInfoError, errors.CashReceiptExistsError),
    ),
    Operation(
        *paths.CANCEL_CASH_RECEIPT,
        "Cancel a cash receipt, or a part of it",
        _cancel,
        body=CashReceiptCancelRequest(),
        answer=CashReceiptEntry(),
        errors=(
            errors.CashReceiptNotFoundError,
            errors.CashReceiptCanceledError,
            errors.CashReceiptAmountError,
        ),
    ),
    Operation(
        *paths.CASH_RECEIPTS,
        "List the cash receipts of a day",
        _list,
        query=CashReceiptQuery(),
        answer=CashReceiptList(),
        errors=(QueryLimitError,),
    ),
)
