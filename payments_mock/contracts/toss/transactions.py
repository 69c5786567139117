"""The list of transactions."""

from typing import Any

from marshmallow import Schema, fields

from payments_mock.api.catalogue import STATUS_OF_STATE, answer_language, word
from payments_mock.api.operation import Call, Operation
from payments_mock.api.values import Text
from payments_mock.contracts.toss.payment_presentation import present_time
from payments_mock.contracts.toss.queries import Count, QueryMoment
from payments_mock.domain import errors
from payments_mock.domain.reports import Entry, period_between
from payments_mock.receipts.links import receipt_url
from payments_mock.services.context import Context
from payments_mock.services.reports import TransactionQuery, list_transactions

DEFAULT_LIMIT = 100


class TransactionsQuery(Schema):
    """Which transactions are asked for; both ends belong to the period, and a page begins behind a key."""

    startDate = QueryMoment(required=True)  # noqa: N815
    endDate = QueryMoment(required=True)  # noqa: N815
    startingAfter = Text(  # noqa: N815
        64,
        metadata={"code": "INVALID_PAGING_KEY", "description": "The key of a transaction of this merchant."},
    )
    limit = Count(load_default=DEFAULT_LIMIT)


class TransactionSchema(Schema):
    """One row: an approval, a cancel, or a virtual account that was issued."""

    mId = fields.String(required=True)  # noqa: N815
    transactionKey = fields.String(required=True)  # noqa: N815
    paymentKey = fields.String(required=True)  # noqa: N815
    orderId = fields.String(required=True)  # noqa: N815
    method = fields.String(required=True, allow_none=True)
    customerKey = fields.String(required=True, allow_none=True)  # noqa: N815
    useEscrow = fields.Boolean(required=True)  # noqa: N815
    receiptUrl = fields.String(required=True, allow_none=True)  # noqa: N815
    status = fields.String(required=True)
    transactionAt = fields.String(required=True)  # noqa: N815
    currency = fields.String(required=True)
    amount = fields.Integer(required=True, strict=True)


def present_transaction(context: Context, entry: Entry) -> dict[str, Any]:
    """Show a row of the list; the amount of a cancel is what was canceled, without a sign."""
    payment, movement = entry.payment, entry.movement
    return {
        "mId": context.merchant.code,
        "transactionKey": movement.key,
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "method": None if payment.method is None else word(payment.method, answer_language()),
        "customerKey": payment.customer_key,
        "useEscrow": payment.use_escrow,
        "receiptUrl": receipt_url(payment),
        "status": STATUS_OF_STATE[movement.state],
        "transactionAt": present_time(movement.at),
        "currency": "KRW",
        "amount": entry.listed_amount,
    }


def _list(call: Call) -> list[dict[str, Any]]:
    asked = call.query
    query = TransactionQuery(
        period=period_between(asked["startDate"], asked["endDate"]),
        limit=asked["limit"],
        starting_after=asked.get("startingAfter"),
    )
    return [present_transaction(call.context, entry) for entry in list_transactions(call.context, query)]


OPERATIONS = (
    Operation(
        "transactions",
        "GET",
        "/v1/transactions",
        "List the approvals and cancels of a period",
        _list,
        query=TransactionsQuery(),
        answer=TransactionSchema(many=True),
        errors=(errors.PeriodError, errors.QueryLimitError, errors.PagingKeyError),
    ),
)
