"""The schemas of a Payment and of its cash receipts, shared by the contract and the control API."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.catalogue import CASH_RECEIPT_KIND_NAMES, find_cash_receipt_kind
from payments_mock.api.instruments import instrument_fields
from payments_mock.api.schemas import RequestSchema, Said, all_of, any_of, names, part, says_if_named, whole
from payments_mock.api.values import NumberAsText, shown_flag, shown_object, shown_text, shown_whole
from payments_mock.domain.payments.instruments import CashReceiptKind, RequestedCashReceipt
from payments_mock.domain.receipts import IDENTITY_NUMBER
from payments_mock.services.context import Context
from payments_mock.services.receipts import want_cash_receipt


class Link(Schema):
    """An address."""

    url = shown_text()


class CancelSchema(Schema):
    """One cancel of a payment."""

    transactionKey = shown_text()  # noqa: N815
    cancelReason = shown_text()  # noqa: N815
    taxExemptionAmount = shown_whole()  # noqa: N815
    canceledAt = shown_text()  # noqa: N815
    cardDiscountAmount = shown_whole()  # noqa: N815
    transferDiscountAmount = shown_whole()  # noqa: N815
    easyPayDiscountAmount = shown_whole()  # noqa: N815
    receiptKey = shown_text(null=True)  # noqa: N815
    cancelAmount = shown_whole()  # noqa: N815
    taxFreeAmount = shown_whole()  # noqa: N815
    refundableAmount = shown_whole()  # noqa: N815
    cancelStatus = shown_text()  # noqa: N815
    cancelRequestId = shown_text(null=True)  # noqa: N815


class FailureSchema(Schema):
    """Why a payment ended without being charged."""

    code = shown_text()
    message = shown_text()


class CashReceiptOfPayment(Schema):
    """The cash receipt that came with a payment."""

    type = shown_text()
    receiptKey = shown_text()  # noqa: N815
    issueNumber = shown_text()  # noqa: N815
    receiptUrl = shown_text()  # noqa: N815
    amount = shown_whole()
    taxFreeAmount = shown_whole()  # noqa: N815


class CashReceiptEntry(Schema):
    """One issue or cancel of a payment's cash receipt."""

    receiptKey = shown_text()  # noqa: N815
    orderId = shown_text()  # noqa: N815
    orderName = shown_text()  # noqa: N815
    type = shown_text()
    issueNumber = shown_text()  # noqa: N815
    receiptUrl = shown_text()  # noqa: N815
    businessNumber = shown_text()  # noqa: N815
    transactionType = shown_text()  # noqa: N815
    amount = shown_whole()
    taxFreeAmount = shown_whole()  # noqa: N815
    issueStatus = shown_text()  # noqa: N815
    failure = shown_object(FailureSchema)
    customerIdentityNumber = shown_text()  # noqa: N815
    requestedAt = shown_text()  # noqa: N815


class Discount(Schema):
    """The card company's instant discount."""

    amount = shown_whole()


class PaymentSchema(Schema.from_dict(instrument_fields())):  # type: ignore[misc]
    """A payment as every operation that returns one shows it."""

    mId = shown_text()  # noqa: N815
    lastTransactionKey = shown_text(null=True)  # noqa: N815
    paymentKey = shown_text()  # noqa: N815
    orderId = shown_text()  # noqa: N815
    orderName = shown_text()  # noqa: N815
    taxExemptionAmount = shown_whole()  # noqa: N815
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
    requestedAt = shown_text()  # noqa: N815
    approvedAt = shown_text(null=True)  # noqa: N815
    useEscrow = shown_flag(null=True)  # noqa: N815
    cultureExpense = shown_flag()  # noqa: N815
    cashReceipt = shown_object(CashReceiptOfPayment)  # noqa: N815
    cashReceipts = shown_object(CashReceiptEntry, many=True)  # noqa: N815
    discount = shown_object(Discount)
    cancels = shown_object(CancelSchema, many=True)
    secret = shown_text(null=True)
    type = fields.String(required=True, validate=validate.OneOf(("NORMAL", "BILLING", "BRANDPAY")))
    easyPayAmount = fields.Integer(strict=True)  # noqa: N815
    easyPayDiscountAmount = fields.Integer(strict=True)  # noqa: N815
    country = shown_text()
    failure = shown_object(FailureSchema)
    isPartialCancelable = shown_flag()  # noqa: N815
    receipt = shown_object(Link)
    checkout = shown_object(Link)
    currency = shown_text()
    totalAmount = shown_whole()  # noqa: N815
    balanceAmount = shown_whole()  # noqa: N815
    suppliedAmount = shown_whole()  # noqa: N815
    vat = shown_whole()
    taxFreeAmount = shown_whole()  # noqa: N815
    method = shown_text(null=True)
    version = shown_text()
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
