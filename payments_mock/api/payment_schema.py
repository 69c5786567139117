"""The schemas of a Payment and of its cash receipts, shared by the contract and the control API."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.catalogue import CASH_RECEIPT_KIND_NAMES, find_cash_receipt_kind
from payments_mock.api.instruments import instrument_fields
from payments_mock.api.schemas import RequestSchema, Said, all_of, any_of, names, part, says_if_named, whole
from payments_mock.api.values import NumberAsText
from payments_mock.domain.payments.instruments import CashReceiptKind, RequestedCashReceipt
from payments_mock.domain.receipts import IDENTITY_NUMBER
from payments_mock.services.context import Context
from payments_mock.services.receipts import want_cash_receipt


def _text(*, null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=null)


def _whole() -> fields.Integer:
    return fields.Integer(required=True, strict=True)


def _flag(*, null: bool = False) -> fields.Boolean:
    return fields.Boolean(required=True, allow_none=null)


def _object(schema: type[Schema], *, many: bool = False) -> fields.Nested:
    return fields.Nested(schema, required=True, allow_none=True, many=many)


class Link(Schema):
    """An address."""

    url = _text()


class CancelSchema(Schema):
    """One cancel of a payment."""

    transactionKey = _text()  # noqa: N815
    cancelReason = _text()  # noqa: N815
    taxExemptionAmount = _whole()  # noqa: N815
    canceledAt = _text()  # noqa: N815
    cardDiscountAmount = _whole()  # noqa: N815
    transferDiscountAmount = _whole()  # noqa: N815
    easyPayDiscountAmount = _whole()  # noqa: N815
    receiptKey = _text(null=True)  # noqa: N815
    cancelAmount = _whole()  # noqa: N815
    taxFreeAmount = _whole()  # noqa: N815
    refundableAmount = _whole()  # noqa: N815
    cancelStatus = _text()  # noqa: N815
    cancelRequestId = _text(null=True)  # noqa: N815


class FailureSchema(Schema):
    """Why a payment ended without being charged."""

    code = _text()
    message = _text()


class CashReceiptOfPayment(Schema):
    """The cash receipt that came with a payment."""

    type = _text()
    receiptKey = _text()  # noqa: N815
    issueNumber = _text()  # noqa: N815
    receiptUrl = _text()  # noqa: N815
    amount = _whole()
    taxFreeAmount = _whole()  # noqa: N815


class CashReceiptEntry(Schema):
    """One issue or cancel of a payment's cash receipt."""

    receiptKey = _text()  # noqa: N815
    orderId = _text()  # noqa: N815
    orderName = _text()  # noqa: N815
    type = _text()
    issueNumber = _text()  # noqa: N815
    receiptUrl = _text()  # noqa: N815
    businessNumber = _text()  # noqa: N815
    transactionType = _text()  # noqa: N815
    amount = _whole()
    taxFreeAmount = _whole()  # noqa: N815
    issueStatus = _text()  # noqa: N815
    failure = _object(FailureSchema)
    customerIdentityNumber = _text()  # noqa: N815
    requestedAt = _text()  # noqa: N815


class Discount(Schema):
    """The card company's instant discount."""

    amount = _whole()


class PaymentSchema(Schema.from_dict(instrument_fields())):  # type: ignore[misc]
    """A payment as every operation that returns one shows it."""

    mId = _text()  # noqa: N815
    lastTransactionKey = _text(null=True)  # noqa: N815
    paymentKey = _text()  # noqa: N815
    orderId = _text()  # noqa: N815
    orderName = _text()  # noqa: N815
    taxExemptionAmount = _whole()  # noqa: N815
    status = fields.String(
        required=True,
        validate=validate.OneOf(
            (
                "READY",
                "IN_PROGRESS",
                "WAITING_FOR_DEPOSIT",
                "DONE",
                "CANCELED",
                "PARTIAL_CANCELED",
                "ABORTED",
                "EXPIRED",
            )
        ),
    )
    requestedAt = _text()  # noqa: N815
    approvedAt = _text(null=True)  # noqa: N815
    useEscrow = _flag(null=True)  # noqa: N815
    cultureExpense = _flag()  # noqa: N815
    cashReceipt = _object(CashReceiptOfPayment)  # noqa: N815
    cashReceipts = _object(CashReceiptEntry, many=True)  # noqa: N815
    discount = _object(Discount)
    cancels = _object(CancelSchema, many=True)
    secret = _text(null=True)
    type = fields.String(required=True, validate=validate.OneOf(("NORMAL", "BILLING", "BRANDPAY")))
    easyPayAmount = fields.Integer(strict=True)  # noqa: N815
    easyPayDiscountAmount = fields.Integer(strict=True)  # noqa: N815
    country = _text()
    failure = _object(FailureSchema)
    isPartialCancelable = _flag()  # noqa: N815
    receipt = _object(Link)
    checkout = _object(Link)
    currency = _text()
    totalAmount = _whole()  # noqa: N815
    balanceAmount = _whole()  # noqa: N815
    suppliedAmount = _whole()  # noqa: N815
    vat = _whole()
    taxFreeAmount = _whole()  # noqa: N815
    method = _text(null=True)
    version = _text()
    metadata = fields.Dict(keys=fields.String(), values=fields.String(), required=True, allow_none=True)


NO_RECEIPT = ("미발행", "NONE")
"""The values that mean "no cash receipt"."""


class CashReceiptKindName(fields.Field[CashReceiptKind]):
    """A kind of cash receipt, by its Korean or English name."""

    def __init__(self, **arguments: Any) -> None:
        said = {"type": "string", "enum": CASH_RECEIPT_KIND_NAMES, "example": "소득공제"}
        super().__init__(metadata=said, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> CashReceiptKind:
        kind = find_cash_receipt_kind(value) if isinstance(value, str) else None
        if kind is None:
            raise ValidationError("Must be 소득공제 or 지출증빙.")
        return kind


class CashReceiptWish(RequestSchema):
    """Which cash receipt the customer wants, and by what number the tax service knows the customer."""

    rules: tuple[Said, ...] = (
        any_of(
            says_if_named("type", NO_RECEIPT),
            all_of(
                names("registrationNumber"),
                part("registrationNumber", {"type": "string", "pattern": whole(IDENTITY_NUMBER.pattern)}),
            ),
        ),
    )

    type = fields.Raw(
        required=True,
        metadata={
            "type": "string",
            "enum": (*CASH_RECEIPT_KIND_NAMES, *NO_RECEIPT),
            "example": "소득공제",
        },
    )
    registrationNumber = NumberAsText()  # noqa: N815

    @validates_schema
    def _check_type(self, data: dict[str, Any], **more: Any) -> None:
        name = data.get("type")
        if not isinstance(name, str) or (name not in NO_RECEIPT and find_cash_receipt_kind(name) is None):
            raise ValidationError("Must be 소득공제, 지출증빙 or 미발행.", "type")


def read_cash_receipt(context: Context, fields: Mapping[str, str] | None) -> RequestedCashReceipt | None:
    """Return the cash receipt that a `cashReceipt` object asks for, or None.

    Raises:
        CashReceiptInfoError: `registrationNumber` can't tell whose the receipt is.
    """
    kind = find_cash_receipt_kind(fields["type"]) if fields else None
    if fields is None or kind is None:
        return None
    return want_cash_receipt(context, kind, fields.get("registrationNumber", ""))
