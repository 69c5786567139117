"""Operations of settlements."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.api.catalogue import method_name
from payments_mock.api.instruments import Sight, instrument_fields, present_instruments
from payments_mock.api.links import receipt_url
from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import CancelSchema
from payments_mock.api.schemas import RequestSchema
from payments_mock.api.values import PAYMENT_KEY_EXAMPLE, Text, shown_object, shown_text, shown_whole
from payments_mock.contracts.toss.payment_presentation import (
    present_cancel,
    present_time,
    without_unknown_parts,
)
from payments_mock.contracts.toss.transactions import Count, Day
from payments_mock.domain import errors
from payments_mock.domain.reports import DateType, Entry, Settlement, days_between
from payments_mock.services.context import Context
from payments_mock.services.reports import SettlementQuery, list_settlements, request_settlement

DEFAULT_SIZE = 100
LARGEST_PAGE_NUMBER = 1_000_000_000
FEE_TYPES = ("BASE", "INSTALLMENT_DISCOUNT", "INSTALLMENT", "POINT_SAVING", "ETC")


class SettlementsQuery(Schema):
    """The settlements to list; the period includes both days, and pages are counted from 1."""

    startDate = Day(required=True)  # noqa: N815
    endDate = Day(required=True)  # noqa: N815
    dateType = fields.Enum(DateType, by_value=True, load_default=DateType.SOLD)  # noqa: N815
    page = Count(LARGEST_PAGE_NUMBER, load_default=1)
    size = Count(load_default=DEFAULT_SIZE)


class SettlementRequest(RequestSchema):
    """The payment to settle."""

    example: Mapping[str, Any] = {"paymentKey": PAYMENT_KEY_EXAMPLE}

    paymentKey = Text(200, required=True)  # noqa: N815


class SettlementRequested(Schema):
    """Whether the request was taken."""

    result = fields.Boolean(required=True)


class Fee(Schema):
    """One fee of a settlement."""

    type = fields.String(required=True, validate=validate.OneOf(FEE_TYPES))
    fee = shown_whole()


_NOT_IN_A_SETTLEMENT = ("cardDiscountAmount", "transferDiscountAmount")


class SettledCancel(CancelSchema):
    """The cancel that a settlement is of."""

    class Meta:
        """What is shown of it."""

        exclude = _NOT_IN_A_SETTLEMENT


class SettlementSchema(Schema.from_dict(instrument_fields())):  # type: ignore[misc]
    """One line of a payout: a sale, or a cancel with negative amounts."""

    mId = shown_text()  # noqa: N815
    paymentKey = shown_text()  # noqa: N815
    transactionKey = shown_text()  # noqa: N815
    orderId = shown_text()  # noqa: N815
    currency = shown_text()
    method = shown_text(null=True)
    amount = shown_whole()
    interestFee = shown_whole()  # noqa: N815
    fee = shown_whole()
    fees = fields.List(fields.Nested(Fee), required=True)
    supplyAmount = shown_whole()  # noqa: N815
    vat = shown_whole()
    payOutAmount = shown_whole()  # noqa: N815
    approvedAt = shown_text()  # noqa: N815
    soldDate = shown_text()  # noqa: N815
    paidOutDate = shown_text()  # noqa: N815
    cancel = shown_object(SettledCancel)


def present_settlement(context: Context, settlement: Settlement) -> dict[str, Any]:
    """Show one line of a payout; `fee` stands for itself and, with its kind, in `fees`."""
    payment = without_unknown_parts(context, settlement.entry.payment)
    movement = settlement.entry.movement
    reader = context.reader
    return {
        "mId": context.merchant.code,
        "paymentKey": payment.payment_key,
        "transactionKey": movement.key,
        "orderId": payment.order_id,
        "currency": "KRW",
        "method": method_name(context.merchant, payment.method, reader.language),
        "amount": settlement.amount,
        "interestFee": 0,
        "fee": settlement.fee,
        "fees": [{"type": "BASE", "fee": settlement.fee}],
        "supplyAmount": settlement.supply_amount,
        "vat": settlement.vat,
        "payOutAmount": settlement.pay_out_amount,
        "approvedAt": present_time(payment.approved_at),
        "soldDate": settlement.sold_on.isoformat(),
        "paidOutDate": settlement.paid_out_on.isoformat(),
        **present_instruments(
            Sight(payment, context.now(), receipt_url(payment, reader.base_url), reader.language)
        ),
        "cancel": _cancel(settlement.entry),
    }


def _cancel(entry: Entry) -> dict[str, Any] | None:
    if not entry.is_cancel:
        return None
    shown = present_cancel(entry.movement)
    return {name: value for name, value in shown.items() if name not in _NOT_IN_A_SETTLEMENT}


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
    request_settlement(call.context, call.connection, call.body["paymentKey"])
    return {"result": True}


OPERATIONS = (
    Operation(
        "settlements",
        "GET",
        "/v1/settlements",
        "List what is paid out for the sales of a period",
        _list,
        query=SettlementsQuery(),
        answer=partial(SettlementSchema, many=True),
        errors=(errors.PeriodError, errors.QueryLimitError),
    ),
    Operation(
        "request-settlement",
        "POST",
        "/v1/settlements",
        "Ask for the settlement of a payment",
        _request,
        body=SettlementRequest(),
        answer=SettlementRequested,
        errors=(errors.PaymentNotFoundError,),
    ),
)
