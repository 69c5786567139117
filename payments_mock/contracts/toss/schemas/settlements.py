"""The Settlement object, the query that lists them, and the request for one by hand."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.contracts.toss.schemas.payment import (
    Card,
    EasyPay,
    GiftCertificate,
    MobilePhone,
    Transfer,
    VirtualAccount,
)
from payments_mock.contracts.toss.schemas.queries import Count, Day
from payments_mock.contracts.toss.schemas.values import PAYMENT_KEY_EXAMPLE, Text
from payments_mock.domain.settlement import DateType

DEFAULT_SIZE = 100
LARGEST_PAGE_NUMBER = 1_000_000_000
FEE_TYPES = ("BASE", "INSTALLMENT_DISCOUNT", "INSTALLMENT", "POINT_SAVING", "ETC")


def _text(*, null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=null)


def _whole() -> fields.Integer:
    return fields.Integer(required=True, strict=True)


def _object(schema: type[Schema]) -> fields.Nested:
    return fields.Nested(schema, required=True, allow_none=True)


class SettlementsQuery(Schema):
    """Which settlements are asked for; both days belong to the period, and pages are counted from 1."""

    startDate = Day(required=True)  # noqa: N815
    endDate = Day(required=True)  # noqa: N815
    dateType = fields.Enum(DateType, by_value=True, load_default=DateType.SOLD)  # noqa: N815
    page = Count(LARGEST_PAGE_NUMBER, load_default=1)
    size = Count(load_default=DEFAULT_SIZE)


class SettlementRequest(Schema):
    """The payment that is to be settled."""

    example: Mapping[str, Any] = {"paymentKey": PAYMENT_KEY_EXAMPLE}

    paymentKey = Text(200, required=True)  # noqa: N815


class SettlementRequested(Schema):
    """Whether the request was taken."""

    result = fields.Boolean(required=True)


class Fee(Schema):
    """One fee of a settlement."""

    type = fields.String(required=True, validate=validate.OneOf(FEE_TYPES))
    fee = _whole()


class SettledCancel(Schema):
    """The cancel that a settlement is of."""

    transactionKey = _text()  # noqa: N815
    cancelReason = _text()  # noqa: N815
    taxExemptionAmount = _whole()  # noqa: N815
    canceledAt = _text()  # noqa: N815
    easyPayDiscountAmount = _whole()  # noqa: N815
    receiptKey = _text(null=True)  # noqa: N815
    cancelAmount = _whole()  # noqa: N815
    taxFreeAmount = _whole()  # noqa: N815
    refundableAmount = _whole()  # noqa: N815
    cancelStatus = _text()  # noqa: N815
    cancelRequestId = _text(null=True)  # noqa: N815


class Settlement(Schema):
    """One line of a payout: a sale, or a cancel with negative amounts."""

    mId = _text()  # noqa: N815
    paymentKey = _text()  # noqa: N815
    transactionKey = _text()  # noqa: N815
    orderId = _text()  # noqa: N815
    currency = _text()
    method = _text(null=True)
    amount = _whole()
    interestFee = _whole()  # noqa: N815
    fee = _whole()
    fees = fields.List(fields.Nested(Fee), required=True)
    supplyAmount = _whole()  # noqa: N815
    vat = _whole()
    payOutAmount = _whole()  # noqa: N815
    approvedAt = _text()  # noqa: N815
    soldDate = _text()  # noqa: N815
    paidOutDate = _text()  # noqa: N815
    card = _object(Card)
    easyPay = _object(EasyPay)  # noqa: N815
    giftCertificate = _object(GiftCertificate)  # noqa: N815
    mobilePhone = _object(MobilePhone)  # noqa: N815
    transfer = _object(Transfer)
    virtualAccount = _object(VirtualAccount)  # noqa: N815
    cancel = _object(SettledCancel)
