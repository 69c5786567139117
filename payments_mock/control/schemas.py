"""What the control API takes."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.contracts.toss.catalogue import catalogue
from payments_mock.contracts.toss.schemas.values import Flag, Text, Won, order_id, order_name
from payments_mock.contracts.toss.schemas.virtual_accounts import CashReceiptWish
from payments_mock.contracts.toss.words import find_method
from payments_mock.domain.banks import find_bank, find_virtual_account_bank
from payments_mock.domain.easy_pay import find_easy_pay_provider
from payments_mock.domain.issuers import find_issuer
from payments_mock.domain.methods import CardType, Method
from payments_mock.http.patterns import WholeText

CLOSED = "PAY_PROCESS_CANCELED"


class MethodName(fields.Field[Method]):
    """A way to pay, by its Korean or English name."""

    def __init__(self, *, metadata: Mapping[str, Any], **arguments: Any) -> None:
        super().__init__(metadata={"type": "string", "example": "CARD", **metadata}, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Method:
        method = find_method(value) if isinstance(value, str) else None
        if method is None:
            raise ValidationError(f"Must be one of {', '.join(Method)} or its Korean name.")
        return method


def _known_code(code: str) -> None:
    if code not in catalogue():
        raise ValidationError("Must be a code of the catalogue of errors.")


def _issuer(name: str) -> None:
    if find_issuer(name) is None:
        raise ValidationError("Must be the code or the name of a card issuer, such as 71 or LOTTE.")


def _bank(name: str) -> None:
    if find_bank(name) is None:
        raise ValidationError("Must be the code or the name of a bank, such as 20 or WOORI.")


def _virtual_account_bank(name: str) -> None:
    if find_virtual_account_bank(name) is None:
        raise ValidationError("Must be a bank that offers virtual accounts, such as 20 or WOORI.")


def _easy_pay(name: str) -> None:
    if find_easy_pay_provider(name) is None:
        raise ValidationError("Must be the name of an easy pay provider, such as TOSSPAY.")


class CardChoice(Schema):
    """The card that the shopper pays with."""

    issuer = fields.String(validate=_issuer, metadata={"code": "INVALID_CARD_COMPANY"})
    number = fields.String(validate=WholeText(r"^[0-9]{13,20}$"))
    installmentPlanMonths = fields.Integer(strict=True)  # noqa: N815
    type = fields.Enum(CardType)
    useCardPoint = Flag()  # noqa: N815


class VirtualAccountChoice(Schema):
    """The account that the shopper is going to deposit to."""

    bank = fields.String(validate=_virtual_account_bank, metadata={"code": "INVALID_BANK"})
    customerName = Text(100)  # noqa: N815
    validHours = fields.Integer(strict=True, validate=validate.Range(min=1, max=2160))  # noqa: N815


class TransferChoice(Schema):
    """The bank that the shopper transfers from."""

    bank = fields.String(validate=_bank, metadata={"code": "INVALID_BANK"})


class CashReceiptChoice(CashReceiptWish):
    """The cash receipt that the shopper wants, by the number that the shopper types in."""

    registrationNumber = fields.String(load_default="01012345678")  # noqa: N815


class Outcome(Schema):
    """What the shopper, or the card company, does: authenticate (the default), fail, close or wait.

    `code` is why it fails. With `decline`, the shopper authenticates and the confirm is refused so.
    """

    result = fields.String(validate=validate.OneOf(("authenticate", "fail", "close", "wait")))
    code = fields.String(validate=_known_code)
    decline = fields.String(validate=_known_code)

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if data.get("result") == "fail" and "code" not in data:
            raise ValidationError("Name the code to fail with.", "code")


class CheckoutRequest(Schema):
    """What the shop's page hands to the payment window, and what the shopper does in it."""

    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = fields.String(required=True, metadata={"code": "INVALID_CLIENT_KEY"})  # noqa: N815
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    amount = Won(required=True)
    method = MethodName(required=True, metadata={"code": "NOT_SUPPORTED_METHOD"})
    successUrl = fields.Url(  # noqa: N815
        schemes={"http", "https"}, require_tld=False, metadata={"code": "INCORRECT_SUCCESS_URL_FORMAT"}
    )
    failUrl = fields.Url(  # noqa: N815
        schemes={"http", "https"}, require_tld=False, metadata={"code": "INCORRECT_FAIL_URL_FORMAT"}
    )
    taxFreeAmount = Won()  # noqa: N815
    cultureExpense = Flag()  # noqa: N815
    useEscrow = Flag()  # noqa: N815
    customerKey = Text(50, shortest=2)  # noqa: N815
    currency = fields.String(validate=validate.Equal("KRW"), metadata={"code": "INVALID_CURRENCY"})
    metadata = fields.Dict(keys=Text(40), values=Text(2000), validate=validate.Length(max=5))
    card = fields.Nested(CardChoice)
    virtualAccount = fields.Nested(VirtualAccountChoice)  # noqa: N815
    transfer = fields.Nested(TransferChoice)
    cashReceipt = fields.Nested(CashReceiptChoice)  # noqa: N815
    easyPay = fields.String(validate=_easy_pay)  # noqa: N815
    customerMobilePhone = fields.String(validate=WholeText(r"^[0-9]{8,15}$"))  # noqa: N815
    outcome = fields.Nested(Outcome)


class Checkout(Schema):
    """The payment that came of it, and where the shopper's browser would have been sent."""

    paymentKey = fields.String(required=True)  # noqa: N815
    orderId = fields.String(required=True)  # noqa: N815
    amount = fields.Integer(required=True)
    status = fields.String(required=True)
    redirectUrl = fields.String(required=True, allow_none=True)  # noqa: N815


class Error(Schema):
    """Why a call was refused, and by field what would be right."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    errors = fields.Dict()
