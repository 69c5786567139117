"""Operations of virtual accounts, and the account of a refund."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import CashReceiptWish, PaymentSchema, read_cash_receipt
from payments_mock.api.schemas import DAY, TIME_OF_DAY, RequestSchema, WholeText, any_of, says_if_named, whole
from payments_mock.api.values import (
    ORDER_EXAMPLE,
    UNTAXED,
    WON_FROM_200,
    Flag,
    NumberAsText,
    Text,
    Won,
    order_id,
    order_name,
    whole_number,
)
from payments_mock.contracts.toss.payment_presentation import present_payment
from payments_mock.domain import accounts as virtual_account_errors
from payments_mock.domain import errors
from payments_mock.domain.accounts import LONGEST_ACCOUNT_KEY, MOST_VALID_HOURS, AccountOrder
from payments_mock.domain.institutions import VIRTUAL_ACCOUNT_BANK_NAMES
from payments_mock.domain.payments.cancellation import checked_refund_account
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.domain.payments.instruments import RefundAccount
from payments_mock.domain.receipts import CashReceiptInfoError
from payments_mock.domain.values import KOREA
from payments_mock.services.payments.changes import PaymentOrder
from payments_mock.services.payments.lifecycle import issue_virtual_account

_VALID_HOURS = whole_number(
    1, MOST_VALID_HOURS, "[+]?(?:[1-9][0-9]{0,2}|1[0-9]{3}|20[0-9]{2}|21[0-5][0-9]|2160)"
)

LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


class WholeNumber(Won):
    """A whole number, or text of one, as clients in use send it."""

    default_error_messages = {"invalid": "Must be a whole number."}  # noqa: RUF012


class KoreanTime(fields.Field[datetime]):
    """A moment on the Korean clock, without its offset: `yyyy-MM-dd'T'HH:mm:ss`."""

    def __init__(self, *, metadata: Mapping[str, Any], **arguments: Any) -> None:
        shape = {
            "type": "string",
            "pattern": whole(rf"{DAY}T{TIME_OF_DAY}(?:\+09:00)?"),
            "description": "To come, and at most 90 days from now.",
            "example": "2024-02-13T23:59:59",
        }
        super().__init__(metadata={**shape, **metadata}, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if isinstance(value, str) and LOCAL_TIME.fullmatch(value.strip().removesuffix("+09:00")):
            try:
                return datetime.fromisoformat(value.strip()[:19]).replace(tzinfo=KOREA)
            except ValueError:
                pass
        raise ValidationError("Must be a time such as 2024-02-13T23:59:59, on the Korean clock.")


class VirtualAccountRequest(RequestSchema):
    """Who will deposit how much, where and until when; source: the public reference."""

    example: Mapping[str, Any] = {**ORDER_EXAMPLE, "customerName": "김토스", "bank": "우리", "validHours": 24}
    missing_code = "INVALID_REQUIRED_PARAM"
    rules = (
        any_of(says_if_named("validHours", [None]), says_if_named("dueDate", [None])),
        any_of(says_if_named("accountKey", [None]), says_if_named("useEscrow", [False, None])),
    )

    amount = Won(required=True, metadata=WON_FROM_200)
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    customerName = Text(100, required=True)  # noqa: N815
    bank = Text(50, required=True, metadata={"code": "INVALID_BANK", "enum": VIRTUAL_ACCOUNT_BANK_NAMES})
    accountKey = Text(  # noqa: N815
        200, allow_none=True, metadata={"maxLength": LONGEST_ACCOUNT_KEY}
    )
    validHours = WholeNumber(  # noqa: N815
        allow_none=True, validate=validate.Range(min=1), metadata=_VALID_HOURS
    )
    dueDate = KoreanTime(allow_none=True, metadata={"code": "INVALID_DATE"})  # noqa: N815
    customerEmail = fields.Email(  # noqa: N815
        allow_none=True, validate=validate.Length(max=100), metadata={"code": "INVALID_EMAIL"}
    )
    customerMobilePhone = NumberAsText(  # noqa: N815
        digits=(8, 15), allow_none=True, validate=WholeText(r"^[0-9]{8,15}$", error="Must be 8 to 15 digits.")
    )
    taxFreeAmount = Won(  # noqa: N815
        allow_none=True, validate=validate.Range(min=0), metadata=UNTAXED
    )
    useEscrow = Flag(allow_none=True)  # noqa: N815
    escrowProducts = fields.List(fields.Dict(), allow_none=True)  # noqa: N815
    cashReceipt = fields.Nested(CashReceiptWish, allow_none=True, unknown=EXCLUDE)  # noqa: N815

    @validates_schema
    def _check_tax_free_part(self, data: dict[str, Any], **more: Any) -> None:
        if (data.get("taxFreeAmount") or 0) > data.get("amount", 0):
            raise ValidationError("Must not be more than amount.", "taxFreeAmount")


def _issue(call: Call) -> dict[str, Any]:
    body = call.body
    order = PaymentOrder(
        order_id=body["orderId"],
        order_name=body["orderName"],
        amount=body["amount"],
        tax_free_amount=body.get("taxFreeAmount") or 0,
        use_escrow=body.get("useEscrow") or False,
    )
    wanted = AccountOrder(
        bank=body["bank"],
        customer_name=body["customerName"],
        valid_hours=body.get("validHours"),
        due_at=body.get("dueDate"),
        account_key=body.get("accountKey"),
        use_escrow=order.use_escrow,
    )
    receipt = read_cash_receipt(call.context, body.get("cashReceipt"))
    payment = issue_virtual_account(call.context, call.connection, order, wanted, receipt)
    return present_payment(call.context, payment)


OPERATIONS = (
    Operation(
        "virtual-account",
        "POST",
        "/v1/virtual-accounts",
        "Issue a virtual account for a deposit",
        _issue,
        body=VirtualAccountRequest(),
        answer=PaymentSchema,
        errors=(
            WidgetKeyError,
            errors.OrderAlreadyPaidError,
            errors.AmountNotPositiveError,
            errors.AmountTooSmallError,
            virtual_account_errors.DueTimeGivenTwiceError,
            virtual_account_errors.TooManyValidHoursError,
            virtual_account_errors.DueDateTooFarError,
            virtual_account_errors.DueDatePastError,
            virtual_account_errors.AccountBankError,
            virtual_account_errors.AccountTypeError,
            CashReceiptInfoError,
        ),
    ),
)


def read_refund_account(fields: Mapping[str, str] | None) -> RefundAccount | None:
    """Return the account that `refundReceiveAccount` names, None where there is none.

    Raises:
        RefundBankUnknownError, RefundAccountNumberError, RefundAccountInvalidError,
        RefundBankRefusesError: as named.
    """
    if fields is None:
        return None
    return checked_refund_account(fields["bank"], fields["accountNumber"], fields["holderName"])
