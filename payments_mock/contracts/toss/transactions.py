"""The list of transactions, and the fields for days and counts that all lists share."""

import re
from datetime import date, datetime
from functools import partial
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from payments_mock.api.catalogue import STATUS_OF_STATE, method_name
from payments_mock.api.links import receipt_url
from payments_mock.api.operation import Call, Operation
from payments_mock.api.schemas import DAY, TIME_OF_DAY, whole
from payments_mock.api.values import WHOLE_NUMBER, Text
from payments_mock.contracts.toss.payment_presentation import present_time
from payments_mock.domain import errors
from payments_mock.domain.reports import LARGEST_PAGE, Entry, period_between
from payments_mock.domain.values import KOREA
from payments_mock.services.context import Context
from payments_mock.services.reports import TransactionQuery, list_transactions

MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
KOREAN_MOMENT = rf"{DAY}(?:T{TIME_OF_DAY}(?:\.[0-9]{{1,9}})?(?:\+09:00)?)?"


class QueryMoment(fields.Field[datetime]):
    """A moment as ISO 8601 writes it, on the Korean clock unless it says otherwise, in whole seconds.

    It is no `AwareDateTime`: the reference would call it a date-time, and it may be a day alone.
    """

    default_error_messages = {"invalid": "Must be a moment such as 2024-01-31 or 2024-01-31T23:59:59."}  # noqa: RUF012

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            metadata={
                "code": "INVALID_ISO_DATE_FORMAT",
                "type": "string",
                "pattern": whole(KOREAN_MOMENT),
                "description": "On the Korean clock; startDate is not after endDate.",
                "example": "2024-01-31T23:59:59",
            },
            **arguments,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value).replace(microsecond=0)
        except ValueError:
            raise self.make_error("invalid") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=KOREA)


class Day(fields.Date):
    """A day of the Korean calendar, with its hyphens; a whole moment stands for the day written in it."""

    default_error_messages = {"invalid": "Must be a day such as 2024-01-31."}  # noqa: RUF012

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            metadata={
                "code": "INVALID_DATE",
                "pattern": whole(KOREAN_MOMENT),
                "description": "By the Korean calendar; startDate is not after endDate.",
                "example": "2024-01-31",
            },
            **arguments,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            raise self.make_error("invalid") from None


class Count(fields.Integer):
    """A whole number of at least 1, in plain digits; without `largest`, the domain sets the limit."""

    def __init__(self, largest: int | None = None, **arguments: Any) -> None:
        said = {"maximum": LARGEST_PAGE} if largest is None else {}
        super().__init__(validate=validate.Range(min=1, max=largest), metadata=said, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if not isinstance(value, str) or WHOLE_NUMBER.fullmatch(value) is None:
            raise ValidationError("Must be a whole number.")
        return int(value)


DEFAULT_LIMIT = 100


class TransactionsQuery(Schema):
    """The transactions to list; the period includes both ends, and a page begins after a key."""

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
        "method": method_name(context.merchant, payment.method, context.reader.language),
        "customerKey": payment.customer_key,
        "useEscrow": payment.use_escrow,
        "receiptUrl": receipt_url(payment, context.reader.base_url),
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
        answer=partial(TransactionSchema, many=True),
        errors=(errors.PeriodError, errors.QueryLimitError, errors.PagingKeyError),
    ),
)
