"""What the scripts and the window send; a field's metadata names the code for a wrong value."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.catalogue import catalogue
from payments_mock.api.schemas import WholeText
from payments_mock.api.values import Text, Won, customer_key, order_id, order_name
from payments_mock.checkout.outcomes import is_return_url
from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.instruments import find_easy_pay_provider
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.values import LONGEST_URL


def _return_url(name: str, *, required: bool = False) -> fields.String:
    message = f"Must be an absolute http or https URL of at most {LONGEST_URL} characters."

    def check(text: str) -> None:
        if not is_return_url(text):
            raise ValidationError(message)

    metadata = {"code": f"INCORRECT_{name}_URL_FORMAT"}
    return fields.String(validate=check, required=required, allow_none=not required, metadata=metadata)


def _issuer(name: str) -> None:
    if find_issuer(name) is None:
        raise ValidationError("Must be the code or the name of a card issuer, such as 41 or SHINHAN.")


def _bank(name: str) -> None:
    if find_bank(name) is None:
        raise ValidationError("Must be the code or the name of a bank, such as 88 or SHINHAN.")


def _easy_pay(name: str) -> None:
    if find_easy_pay_provider(name) is None:
        raise ValidationError("Must be the name of an easy pay provider, such as TOSSPAY.")


def _catalogue_code(code: str) -> None:
    if code not in catalogue():
        raise ValidationError("Must be a code of the catalogue of errors.")


def _recurring(method: Method) -> None:
    if not method.definition.is_recurring:
        able = [each for each in Method if each.definition.is_recurring]
        raise ValidationError(f"Must be {' or '.join(able)}.")


LANGUAGES = ("ko", "en", "ja", "zh")
"""The languages that a page may ask for, as the scripts write them."""

_months = validate.Range(min=0, max=12)
_phone = WholeText(r"^[0-9]{8,15}$")


class SelectionSchema(Schema):
    """What a shopper picked: in a widget before the window opens, or in the window."""

    method = fields.Enum(Method)
    issuer = fields.String(validate=_issuer)
    installmentMonths = fields.Integer(strict=True, validate=_months)  # noqa: N815
    easyPay = fields.String(validate=_easy_pay)  # noqa: N815
    bank = fields.String(validate=_bank)
    depositor = Text(100)
    mobilePhone = fields.String(validate=_phone)  # noqa: N815


class WindowOptionsSchema(Schema):
    """How the merchant's page wants the window: what is offered in it, and what is filled in."""

    method = fields.Enum(Method, allow_none=True)
    cardCompany = fields.String(  # noqa: N815
        validate=_issuer, allow_none=True, metadata={"code": "INVALID_CARD_COMPANY"}
    )
    easyPay = fields.String(  # noqa: N815
        validate=_easy_pay, allow_none=True, metadata={"code": "NOT_SUPPORTED_METHOD"}
    )
    isDirect = fields.Boolean()  # noqa: N815
    installmentMonths = fields.Integer(validate=_months, allow_none=True)  # noqa: N815
    maxInstallmentMonths = fields.Integer(validate=_months, allow_none=True)  # noqa: N815
    useCardPoint = fields.Boolean()  # noqa: N815
    bank = fields.String(validate=_bank, allow_none=True, metadata={"code": "INVALID_BANK"})
    validHours = fields.Integer(  # noqa: N815
        validate=validate.Range(min=1, max=2160), allow_none=True, metadata={"code": "EXCEED_MAX_VALID_HOURS"}
    )
    dueDate = fields.NaiveDateTime(allow_none=True, metadata={"code": "INVALID_DATE"})  # noqa: N815
    customerName = Text(100, allow_none=True)  # noqa: N815
    customerEmail = Text(100, allow_none=True)  # noqa: N815
    customerMobilePhone = fields.String(validate=_phone, allow_none=True)  # noqa: N815
    language = fields.String(validate=validate.OneOf(LANGUAGES), allow_none=True)
    fails = fields.Boolean()
    selection = fields.Nested(SelectionSchema, allow_none=True)
    agreed = fields.Boolean()


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
    bank = fields.String(validate=_bank)
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
