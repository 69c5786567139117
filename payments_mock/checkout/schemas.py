"""What the scripts and the window send; a field's metadata names the code for a wrong value."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.catalogue import catalogue
from payments_mock.api.values import Text, Won, customer_key, order_id, order_name
from payments_mock.checkout.outcomes import is_return_url
from payments_mock.checkout.selection import (
    INSTALLMENT_MONTHS,
    PHONE,
    SelectionSchema,
    known_bank,
    known_easy_pay,
    known_issuer,
)
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.values import LONGEST_URL


def _return_url(name: str, *, required: bool = False) -> fields.String:
    message = f"Must be an absolute http or https URL of at most {LONGEST_URL} characters."

    def check(text: str) -> None:
        if not is_return_url(text):
            raise ValidationError(message)

    metadata = {"code": f"INCORRECT_{name}_URL_FORMAT"}
    return fields.String(validate=check, required=required, allow_none=not required, metadata=metadata)


def _catalogue_code(code: str) -> None:
    if code not in catalogue():
        raise ValidationError("Must be a code of the catalogue of errors.")


def _recurring(method: Method) -> None:
    if not method.definition.is_recurring:
        able = [each for each in Method if each.definition.is_recurring]
        raise ValidationError(f"Must be {' or '.join(able)}.")


LANGUAGES = ("ko", "en", "ja", "zh")
"""The languages that a page may ask for, as the scripts write them."""


class WindowOptionsSchema(Schema):
    """How the merchant's page wants the window: what is offered in it, and what is filled in."""

    method = fields.Enum(Method, allow_none=True)
    cardCompany = fields.String(  # noqa: N815
        validate=known_issuer, allow_none=True, metadata={"code": "INVALID_CARD_COMPANY"}
    )
    easyPay = fields.String(  # noqa: N815
        validate=known_easy_pay, allow_none=True, metadata={"code": "NOT_SUPPORTED_METHOD"}
    )
    isDirect = fields.Boolean()  # noqa: N815
    installmentMonths = fields.Integer(validate=INSTALLMENT_MONTHS, allow_none=True)  # noqa: N815
    maxInstallmentMonths = fields.Integer(validate=INSTALLMENT_MONTHS, allow_none=True)  # noqa: N815
    useCardPoint = fields.Boolean()  # noqa: N815
    bank = fields.String(validate=known_bank, allow_none=True, metadata={"code": "INVALID_BANK"})
    validHours = fields.Integer(  # noqa: N815
        validate=validate.Range(min=1, max=2160), allow_none=True, metadata={"code": "EXCEED_MAX_VALID_HOURS"}
    )
    dueDate = fields.NaiveDateTime(allow_none=True, metadata={"code": "INVALID_DATE"})  # noqa: N815
    customerName = Text(100, allow_none=True)  # noqa: N815
    customerEmail = Text(100, allow_none=True)  # noqa: N815
    customerMobilePhone = fields.String(validate=PHONE, allow_none=True)  # noqa: N815
    language = fields.String(validate=validate.OneOf(LANGUAGES), allow_none=True)
    fails = fields.Boolean()
    selection = fields.Nested(SelectionSchema, allow_none=True)
    agreed = fields.Boolean()


class SdkRefusal(Schema):
    """What a script refused before any call: what the page called, and what it was told.

    It may come without a client key, as that may be what was wrong.
    """

    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = fields.String()  # noqa: N815
    call = Text(100, required=True)
    code = Text(100, required=True)
    message = Text(1000, required=True)
    orderId = fields.String()  # noqa: N815


class CardDetails(Schema):
    """A card as its holder reads it out."""

    cardNumber = Text(20, required=True)  # noqa: N815
    cardExpirationYear = Text(2, required=True)  # noqa: N815
    cardExpirationMonth = Text(2, required=True)  # noqa: N815
    customerIdentityNumber = Text(10, required=True)  # noqa: N815
    cardPassword = Text(2, required=True)  # noqa: N815


class SessionRequest(WindowOptionsSchema):
    """What a merchant's page asks to be paid."""

    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = fields.String(required=True, metadata={"code": "INVALID_CLIENT_KEY"})  # noqa: N815
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    amount = Won(required=True)
    successUrl = _return_url("SUCCESS")  # noqa: N815
    failUrl = _return_url("FAIL")  # noqa: N815
    taxFreeAmount = Won(validate=validate.Range(min=0))  # noqa: N815
    cultureExpense = fields.Boolean()  # noqa: N815
    useEscrow = fields.Boolean()  # noqa: N815
    skipAuth = fields.String(  # noqa: N815
        validate=validate.OneOf(("FORCE_SUCCESS", "FORCE_FAIL")), allow_none=True
    )
    customerKey = Text(50, shortest=2, metadata={"code": "INVALID_CUSTOMER_KEY"})  # noqa: N815
    metadata = fields.Dict(keys=Text(40), values=Text(2000), validate=validate.Length(max=5))

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if data.get("taxFreeAmount", 0) > data.get("amount", 0):
            raise ValidationError("Must not be above amount.", "taxFreeAmount")


class BillingSessionRequest(Schema):
    """What a merchant's page asks to be registered, for payments to come."""

    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = fields.String(required=True, metadata={"code": "INVALID_CLIENT_KEY"})  # noqa: N815
    customerKey = customer_key()  # noqa: N815
    method = fields.Enum(Method, load_default=Method.CARD, validate=_recurring)
    successUrl = _return_url("SUCCESS", required=True)  # noqa: N815
    failUrl = _return_url("FAIL", required=True)  # noqa: N815


class BillingDecision(Schema):
    """What the customer did in the window, with the card or the bank of the account."""

    token = fields.String(required=True)
    action = fields.String(required=True, validate=validate.OneOf(("authenticate", "fail", "close")))
    card = fields.Nested(CardDetails)
    bank = fields.String(validate=known_bank)
    code = fields.String(validate=_catalogue_code)


class Decision(Schema):
    """What the shopper did in the window, or what a tester let happen in it."""

    token = fields.String(required=True)
    action = fields.String(
        required=True, validate=validate.OneOf(("authenticate", "fail", "close", "expire"))
    )
    selection = fields.Nested(SelectionSchema, load_default=dict)
    code = fields.String(validate=_catalogue_code)
    decline = fields.String(validate=_catalogue_code)
