"""What the scripts and the window send, and the choice that what a shopper picked comes to.

A field's metadata names the code for a wrong value.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.catalogue import catalogue
from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.schemas import WholeText
from payments_mock.api.values import Text, Won, customer_key, order_id, order_name
from payments_mock.checkout.outcomes import is_return_url
from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.instruments import find_easy_pay_provider
from payments_mock.domain.payments.methods import InstrumentChoice, Method
from payments_mock.domain.values import LONGEST_URL, immutable


def known_issuer(name: str) -> None:
    """Accept only the name of a card issuer, else raise `ValidationError`."""
    if find_issuer(name) is None:
        raise ValidationError("Must be the code or the name of a card issuer, such as 41 or SHINHAN.")


def known_bank(name: str) -> None:
    """Accept only the name of a bank, else raise `ValidationError`."""
    if find_bank(name) is None:
        raise ValidationError("Must be the code or the name of a bank, such as 88 or SHINHAN.")


def known_easy_pay(name: str) -> None:
    """Accept only the name of an easy pay provider, else raise `ValidationError`."""
    if find_easy_pay_provider(name) is None:
        raise ValidationError("Must be the name of an easy pay provider, such as TOSSPAY.")


INSTALLMENT_MONTHS = validate.Range(min=0, max=12)
PHONE = WholeText(r"^[0-9]{8,15}$")


MONEY = "MONEY"
"""What pays in a wallet, where it is not a card in it."""


class SelectionSchema(Schema):
    """What a shopper picked: in a widget before the window opens, or in the window."""

    method = fields.Enum(Method)
    issuer = fields.String(validate=known_issuer)
    installmentMonths = fields.Integer(strict=True, validate=INSTALLMENT_MONTHS)  # noqa: N815
    easyPay = fields.String(validate=known_easy_pay)  # noqa: N815
    easyPayWith = fields.String(validate=validate.OneOf(("CARD", MONEY)))  # noqa: N815
    bank = fields.String(validate=known_bank)
    depositor = Text(100)
    mobilePhone = fields.String(validate=PHONE)  # noqa: N815


@immutable
class Selection:
    """What a shopper picked so far; names are codes, or Korean or English names."""

    method: Method | None = None
    issuer: str | None = None
    installment_months: int = 0
    easy_pay: str | None = None
    easy_pay_with: str | None = None
    bank: str | None = None
    depositor: str | None = None
    mobile_phone: str | None = None


def read_selection(loaded: Mapping[str, Any]) -> Selection:
    """Return what the schema read of a selection."""
    return Selection(**{_NAMES.get(name, name): value for name, value in loaded.items()})


_NAMES = {
    "installmentMonths": "installment_months",
    "easyPay": "easy_pay",
    "easyPayWith": "easy_pay_with",
    "mobilePhone": "mobile_phone",
}


def proposal_fields(selection: Selection) -> dict[str, Any]:
    """Return a selection as the window sends it: what was not picked is left out."""
    return {name: value for name, value in asdict(selection).items() if value is not None}


def choice_of(
    selection: Selection, deposit_time: timedelta, *, use_card_point: bool = False
) -> InstrumentChoice:
    """Return how the shopper pays; a virtual account waits for `deposit_time`.

    Raises:
        InvalidFieldsError: no method is picked.
    """
    if selection.method is None:
        raise InvalidFieldsError({"selection": ["Must name the method."]}, "NOT_SUPPORTED_METHOD")
    said: dict[str, Any] = {
        "issuer": selection.issuer,
        "easy_pay": selection.easy_pay if selection.method is Method.EASY_PAY else None,
        "easy_pay_money": selection.easy_pay_with == MONEY,
        "bank": selection.bank,
        "customer_name": selection.depositor,
        "mobile_phone": selection.mobile_phone,
    }
    return InstrumentChoice(
        method=selection.method,
        installment_months=selection.installment_months,
        use_card_point=use_card_point,
        deposit_time=deposit_time,
        **{name: value for name, value in said.items() if value is not None},
    )


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
