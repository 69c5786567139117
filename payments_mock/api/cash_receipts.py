"""The cash receipt that a customer wants, as requests of the contract and of the control API state it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from payments_mock.api.catalogue import CASH_RECEIPT_KIND_NAMES, find_cash_receipt_kind
from payments_mock.api.schemas import RequestSchema, Said, all_of, any_of, names, part, says_if_named, whole
from payments_mock.api.values import NumberAsText
from payments_mock.domain.payments.instruments import CashReceiptKind, RequestedCashReceipt
from payments_mock.domain.receipts import IDENTITY_NUMBER
from payments_mock.services.context import Context
from payments_mock.services.receipts import want_cash_receipt

NO_RECEIPT = ("미발행", "NONE")
"""The names of asking for no cash receipt."""


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
                part("registrationNumber", {"pattern": whole(IDENTITY_NUMBER.pattern)}),
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
    """Return the wish that a `cashReceipt` object states, None where none is wanted.

    Raises:
        CashReceiptInfoError: `registrationNumber` can't tell whose the receipt is.
    """
    kind = find_cash_receipt_kind(fields["type"]) if fields else None
    if fields is None or kind is None:
        return None
    return want_cash_receipt(context, kind, fields.get("registrationNumber", ""))
