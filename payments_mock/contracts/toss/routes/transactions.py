"""Transactions: every approval and every cancel."""

from typing import Any

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.present.transactions import present_transaction
from payments_mock.contracts.toss.schemas.transactions import Transaction, TransactionsQuery
from payments_mock.domain import errors
from payments_mock.domain.periods import period_between
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.transactions import TransactionQuery, list_transactions


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
        *paths.TRANSACTIONS,
        "List the approvals and cancels of a period",
        _list,
        query=TransactionsQuery(),
        answer=Transaction(many=True),
        errors=(errors.PeriodError, errors.QueryLimitError, errors.PagingKeyError),
    ),
)
