"""Settlements: what is paid out, and the request for it."""

from typing import Any

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.present.settlements import present_settlement
from payments_mock.contracts.toss.schemas.settlements import (
    Settlement,
    SettlementRequest,
    SettlementRequested,
    SettlementsQuery,
)
from payments_mock.domain import errors
from payments_mock.domain.periods import days_between
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.settlements import SettlementQuery, list_settlements, request_settlement


def _list(call: Call) -> list[dict[str, Any]]:
    asked = call.query
    query = SettlementQuery(
        days=days_between(asked["startDate"], asked["endDate"]),
        date_type=asked["dateType"],
        page=asked["page"],
        size=asked["size"],
    )
    return [present_settlement(call.context, line) for line in list_settlements(call.context, query)]


def _request(call: Call) -> dict[str, Any]:
    request_settlement(call.context, call.body["paymentKey"])
    return {"result": True}


OPERATIONS = (
    Operation(
        *paths.SETTLEMENTS,
        "List what is paid out for the sales of a period",
        _list,
        query=SettlementsQuery(),
        answer=Settlement(many=True),
        errors=(errors.PeriodError, errors.QueryLimitError),
    ),
    Operation(
        *paths.REQUEST_SETTLEMENT,
        "Ask for the settlement of a payment",
        _request,
        body=SettlementRequest(),
        answer=SettlementRequested(),
        errors=(errors.PaymentNotFoundError,),
    ),
)
