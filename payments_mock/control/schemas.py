"""The request schemas of the control API."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from payments_mock.api.payment_schema import NO_RECEIPT, CashReceiptWish
from payments_mock.api.schemas import (
    ErrorSchema,
    WholeText,
    all_of,
    any_of,
    if_then,
    names,
    names_none_of,
    part,
    says,
    whole,
)
from payments_mock.api.values import (
    ORDER_EXAMPLE,
    UNTAXED,
    WON_FROM_1,
    Flag,
    MethodName,
    NumberAsText,
    StrictText,
    Won,
    order_id,
    order_name,
    return_url,
)
from payments_mock.control.requests import KnownCode
from payments_mock.domain.institutions import BANK_NAMES, ISSUER_NAMES, VIRTUAL_ACCOUNT_BANK_NAMES
from payments_mock.domain.payments.instruments import EASY_PAY_NAMES, CardType
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.receipts import IDENTITY_NUMBER
from payments_mock.domain.sandboxes import ContractName, family_of
from payments_mock.merchant_settings import VERSIONS

CLIENT_KEY_EXAMPLE = "test_ck_toss_dummy"
CLOSED = "PAY_PROCESS_CANCELED"
RESULTS_WITHOUT_PAYMENT = ("fail", "close", "wait")
KEY_PATTERN = r"^[!-9;-~]{1,200}$"
_TAX_NUMBER = {"pattern": whole(IDENTITY_NUMBER.pattern)}


_issuer = validate.OneOf(
    ISSUER_NAMES, error="Must be the code or the name of a card issuer, such as 71 or LOTTE."
)
_bank = validate.OneOf(BANK_NAMES, error="Must be the code or the name of a bank, such as 20 or WOORI.")
_virtual_account_bank = validate.OneOf(
    VIRTUAL_ACCOUNT_BANK_NAMES, error="Must be a bank that offers virtual accounts, such as 20 or WOORI."
)
_easy_pay = validate.OneOf(EASY_PAY_NAMES, error="Must be the name of an easy pay provider, such as TOSSPAY.")


def client_key() -> fields.String:
    """Make the field of a key that names a merchant; a look-up tells whether the key exists."""
    said = {"code": "INVALID_CLIENT_KEY", "pattern": KEY_PATTERN, "example": CLIENT_KEY_EXAMPLE}
    return fields.String(required=True, metadata=said)


class CardChoice(Schema):
    """The card that the shopper pays with."""

    issuer = fields.String(validate=_issuer, metadata={"code": "INVALID_CARD_COMPANY"})
    number = fields.String(validate=WholeText(r"^[0-9]{13,20}$"))
    installmentPlanMonths = fields.Integer(  # noqa: N815
        strict=True, metadata={"description": "Judged when the payment is confirmed."}
    )
    type = fields.Enum(CardType)
    useCardPoint = Flag()  # noqa: N815


class VirtualAccountChoice(Schema):
    """The account that the shopper is going to deposit to."""

    bank = fields.String(validate=_virtual_account_bank, metadata={"code": "INVALID_BANK"})
    customerName = StrictText(100)  # noqa: N815
    validHours = fields.Integer(strict=True, validate=validate.Range(min=1, max=2160))  # noqa: N815


class TransferChoice(Schema):
    """The bank that the shopper transfers from."""

    bank = fields.String(validate=_bank, metadata={"code": "INVALID_BANK"})


class CashReceiptChoice(CashReceiptWish):
    """The cash receipt that the shopper wants, by the number that the shopper types in."""

    rules = ()

    registrationNumber = NumberAsText(load_default="01012345678")  # noqa: N815


class OutcomeSchema(Schema):
    """What the shopper, or the card company, does: authenticate (the default), fail, close or wait.

    `code` is why it fails. With `decline`, the shopper authenticates and the confirm is refused so.
    """

    rules = (if_then(says("result", ["fail"]), names("code")),)

    result = fields.String(validate=validate.OneOf(("authenticate", *RESULTS_WITHOUT_PAYMENT)))
    code = fields.String(validate=KnownCode())
    decline = fields.String(validate=KnownCode())

    @validates_schema
    def _check(self, data: dict[str, Any], **more: Any) -> None:
        if data.get("result") == "fail" and "code" not in data:
            raise ValidationError("Name the code to fail with.", "code")


class ShopperChoice(Schema):
    """What the shopper chooses in the window, and how that ends."""

    # The number for the tax office is checked only if somebody pays and wants a receipt.
    rules = (
        any_of(
            part("cashReceipt", any_of(says("type", NO_RECEIPT), part("registrationNumber", _TAX_NUMBER))),
            all_of(names("outcome"), part("outcome", says("result", RESULTS_WITHOUT_PAYMENT))),
        ),
    )

    card = fields.Nested(CardChoice)
    virtualAccount = fields.Nested(VirtualAccountChoice)  # noqa: N815
    transfer = fields.Nested(TransferChoice)
    cashReceipt = fields.Nested(CashReceiptChoice)  # noqa: N815
    easyPay = fields.String(validate=_easy_pay)  # noqa: N815
    easyPayWith = fields.String(  # noqa: N815
        validate=validate.OneOf(("CARD", "MONEY")),
        metadata={"description": "What in the wallet pays where the method is EASY_PAY: a card unless said."},
    )
    customerMobilePhone = fields.String(validate=WholeText(r"^[0-9]{8,15}$"))  # noqa: N815
    outcome = fields.Nested(OutcomeSchema)


class WindowChoice(ShopperChoice):
    """What the shopper does in a window that stands open: pays by card, unless something else is said."""

    example: Mapping[str, Any] = {"method": "CARD"}

    method = MethodName(load_default=Method.CARD, metadata={"code": "NOT_SUPPORTED_METHOD"})


class CheckoutRequest(ShopperChoice):
    """What the shop's page hands to the payment window, and what the shopper does in it."""

    example: Mapping[str, Any] = {**ORDER_EXAMPLE, "clientKey": CLIENT_KEY_EXAMPLE, "method": "CARD"}
    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = client_key()  # noqa: N815
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    amount = Won(required=True, metadata=WON_FROM_1)
    method = MethodName(required=True, metadata={"code": "NOT_SUPPORTED_METHOD"})
    successUrl = return_url("success")  # noqa: N815
    failUrl = return_url("fail")  # noqa: N815
    taxFreeAmount = Won(metadata=UNTAXED)  # noqa: N815
    cultureExpense = Flag()  # noqa: N815
    useEscrow = Flag()  # noqa: N815
    customerKey = StrictText(50, shortest=2)  # noqa: N815
    currency = fields.String(validate=validate.Equal("KRW"), metadata={"code": "INVALID_CURRENCY"})
    metadata = fields.Dict(
        keys=StrictText(40),
        values=StrictText(2000),
        validate=validate.Length(max=5),
        metadata={"description": "By names of 1 to 40 characters."},
    )


class Checkout(Schema):
    """The payment, and where the shopper's browser would have been sent."""

    paymentKey = fields.String(required=True)  # noqa: N815
    orderId = fields.String(required=True)  # noqa: N815
    amount = fields.Integer(required=True)
    status = fields.String(required=True)
    redirectUrl = fields.String(required=True, allow_none=True)  # noqa: N815


KEY_FIELDS: Final = {
    "secretKey": "secret_key",
    "clientKey": "client_key",
    "widgetSecretKey": "widget_secret_key",
    "widgetClientKey": "widget_client_key",
}
_WIDGET_FIELDS: Final = ("widgetSecretKey", "widgetClientKey")


_WIDGET_KEY: Final = {"pattern": whole("test_g[cs]k_[!-9;-~]{0,191}")}


def _key(said: Mapping[str, Any]) -> fields.String:
    wording = "Must be 1 to 200 printable ASCII characters, no colon and no spaces."
    checks: list[Callable[[str], object]] = [WholeText(KEY_PATTERN, error=wording), _refuse_live_key]
    told = {"description": "Another than the other keys, and no live key.", "not": {"pattern": "^live_"}}
    return fields.String(validate=checks, metadata={**told, **said})


def _switch(what: str) -> Flag:
    return Flag(metadata={"description": what})


def _refuse_live_key(key: str) -> None:
    if key.startswith("live_"):
        raise ValidationError("This is a live key, which has no business here; give a test key.")


class SwitchesRequest(Schema):
    """Which switches to turn on and off; the others stay."""

    example: Mapping[str, Any] = {"unknownFields": True}

    unknownFields = _switch("Every object of an answer or a webhook has a field that no reference names.")  # noqa: N815
    unknownMethods = _switch("Payments show a method that no reference names, and nothing of the known ones.")  # noqa: N815
    unknownEvents = _switch("Every webhook is followed by one of an event that no reference names.")  # noqa: N815
    refuseRapidRepeats = _switch(  # noqa: N815
        "On toss: a payment that is canceled, or looked up, twice within a second is refused the second time."
    )
    crossRejects = _switch(  # noqa: N815
        "On toss: the cross of a billing window in a frame rejects, where it would lead to the failUrl."
    )


class SandboxSwitches(SwitchesRequest):
    """Which switches of a sandbox are on."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Require every switch, as an answer names them all."""
        field_obj.required = True


class SandboxRequest(Schema):
    """The new sandbox; what is left out is generated, or takes its default."""

    example: Mapping[str, Any] = {"id": "bakery", "contract": "toss"}
    rules = (any_of(says("contract", [ContractName.TOSS]), names_none_of(_WIDGET_FIELDS)),)

    id = fields.String(
        validate=WholeText(r"^[A-Za-z0-9_-]{1,14}$", error="Must be 1 to 14 of A-Z, a-z, 0-9, _ and -.")
    )
    contract = fields.Enum(ContractName, by_value=True, load_default=ContractName.KIOSK)
    version = fields.String(validate=validate.OneOf(VERSIONS), load_default=VERSIONS[0])
    secretKey = _key({"example": "test_sk_mine"})  # noqa: N815
    clientKey = _key({"example": "test_ck_mine"})  # noqa: N815
    widgetSecretKey = _key({**_WIDGET_KEY, "example": "test_gsk_mine"})  # noqa: N815
    widgetClientKey = _key({**_WIDGET_KEY, "example": "test_gck_mine"})  # noqa: N815
    switches = fields.Nested(SwitchesRequest)

    @validates_schema
    def _check_keys(self, data: dict[str, Any], **more: Any) -> None:
        given = [data[name] for name in KEY_FIELDS if name in data]
        if len(set(given)) < len(given):
            raise ValidationError("The keys must differ from each other.", "secretKey")
        for name in _WIDGET_FIELDS:
            if name not in data:
                continue
            if data["contract"] is not ContractName.TOSS:
                raise ValidationError("Only sandboxes on the contract toss have these keys.", name)
            if family_of(data[name]) is not KeyFamily.WIDGET:
                raise ValidationError("Must begin as the keys of widgets do: test_gsk_ or test_gck_.", name)


class ControlErrorSchema(ErrorSchema):
    """Why a call was refused, and by field what would be right."""

    errors = fields.Dict()
