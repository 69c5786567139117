"""Charge a card whose data the merchant sends: key-in payments, and the requests of cards."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import PaymentSchema
from payments_mock.api.schemas import SIX_DIGIT_DAY, RequestSchema, any_of, part, whole
from payments_mock.api.values import (
    ORDER_EXAMPLE,
    UNTAXED,
    WON_FROM_100,
    Flag,
    NumberAsText,
    Text,
    Won,
    order_id,
    order_name,
    whole_number,
    won_from,
)
from payments_mock.contracts.toss.errors import refuse_payment
from payments_mock.contracts.toss.payment_presentation import present_payment
from payments_mock.domain import cards as card_errors
from payments_mock.domain import errors
from payments_mock.domain.cards import (
    BUSINESS_NUMBER,
    CARD_NUMBER,
    MONTH,
    TWO_DIGITS,
    WRONG_BIRTH_DATE,
    WRONG_PASSWORD,
    CardData,
)
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.domain.payments.limits import LEAST_AMOUNT_WITH_INSTALLMENTS, MOST_INSTALLMENT_MONTHS
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.services.payments.changes import PaymentOrder
from payments_mock.services.payments.lifecycle import CardTerms, pay_by_key_in

CHARGE_ERRORS: tuple[type[Exception], ...] = (
    WidgetKeyError,
    errors.OrderAlreadyPaidError,
    errors.AmountNotPositiveError,
    errors.AmountTooSmallError,
    errors.TooFewInstallmentsError,
    errors.TooManyInstallmentsError,
    errors.InstallmentBelowAmountError,
    errors.InstallmentsForCardError,
)


def read_order(fields: Mapping[str, Any]) -> PaymentOrder:
    """Return the order that a request names."""
    return PaymentOrder(
        order_id=fields["orderId"],
        order_name=fields["orderName"],
        amount=fields["amount"],
        tax_free_amount=fields.get("taxFreeAmount") or 0,
    )


def read_card(fields: Mapping[str, Any]) -> CardData:
    """Return the card that a request names."""
    return CardData(
        number=fields["cardNumber"],
        expiration_year=fields["cardExpirationYear"],
        expiration_month=fields["cardExpirationMonth"],
        identity_number=fields["customerIdentityNumber"],
        password=fields.get("cardPassword"),
    )


def answer_charge(call: Call, payment: Payment) -> dict[str, Any] | Response:
    """Show a payment that was charged, or tell by its code why the issuer refused."""
    if payment.state is State.ABORTED and payment.failure_code is not None:
        return refuse_payment(call.record, payment.failure_code)
    return present_payment(call.context, payment)


_MONTHS = {
    **whole_number(0, MOST_INSTALLMENT_MONTHS, "[+]?(?:0{1,15}|0?[2-9]|1[0-2])"),
    "not": {"enum": [1]},
}
_AT_ONCE = {"enum": [0, None]}
_INSTALLMENTS_FROM = won_from(LEAST_AMOUNT_WITH_INSTALLMENTS, "[+]?(?:[5-9][0-9]{4}|[1-9][0-9]{5,14})")


CARD_EXAMPLE = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "39",
    "cardExpirationMonth": "12",
    "customerIdentityNumber": "881212",
}


def _digits(
    code: str,
    pattern: str,
    example: str,
    *,
    but: str | None = None,
    description: str | None = None,
    **arguments: Any,
) -> NumberAsText:
    """Make a field of digits that match `pattern`, `but` for some that the domain refuses."""
    said: dict[str, Any] = {"code": code, "pattern": whole(pattern), "example": example}
    said |= {"not": {"enum": [but]}} if but else {}
    said |= {"description": description} if description else {}
    return NumberAsText(digits=(1, 20), metadata=said, **arguments)


class Months(Won):
    """A number of months: whole, or text of a whole number."""

    default_error_messages = {"invalid": "Must be a whole number of months."}  # noqa: RUF012


class CardHolderAuthentication(RequestSchema):
    """The result of a card company's own check of the holder; accepted and ignored."""

    cavv = Text(200, 0, allow_none=True)
    xid = Text(200, 0, allow_none=True)
    eci = Text(10, 0, allow_none=True)


class CardFields(RequestSchema):
    """The card that the merchant keys in, and whose it is."""

    missing_code = "INVALID_REQUIRED_PARAM"

    cardNumber = _digits("INVALID_CARD_NUMBER", CARD_NUMBER.pattern, "5365101234121234", required=True)  # noqa: N815
    cardExpirationYear = _digits(  # noqa: N815
        "INVALID_CARD_EXPIRATION", TWO_DIGITS.pattern, "39", required=True
    )
    cardExpirationMonth = _digits("INVALID_CARD_EXPIRATION", MONTH.pattern, "12", required=True)  # noqa: N815
    customerIdentityNumber = _digits(  # noqa: N815
        "INVALID_BIRTH_DAY_FORMAT",
        f"{SIX_DIGIT_DAY}|{BUSINESS_NUMBER.pattern}",
        "881212",
        description="A day of birth as yyMMdd, or a business number, whose last digit is a check digit.",
        but=WRONG_BIRTH_DATE,
        required=True,
    )
    cardPassword = _digits(  # noqa: N815
        "INVALID_CARD_PASSWORD", TWO_DIGITS.pattern, "12", but=WRONG_PASSWORD, allow_none=True
    )
    vbv = fields.Nested(CardHolderAuthentication, allow_none=True, unknown=EXCLUDE)


class CustomerFields(RequestSchema):
    """Who pays, as the merchant says; checked and not stored."""

    customerEmail = fields.Email(  # noqa: N815
        allow_none=True, validate=validate.Length(max=100), metadata={"code": "INVALID_EMAIL"}
    )
    customerName = Text(100, 0, allow_none=True)  # noqa: N815
    customerIp = Text(45, 0, allow_none=True)  # noqa: N815


class ChargeFields(CustomerFields):
    """The order that is charged at once; amounts in KRW."""

    missing_code = "INVALID_REQUIRED_PARAM"

    rules = (any_of(part("cardInstallmentPlan", _AT_ONCE), part("amount", _INSTALLMENTS_FROM)),)

    amount = Won(required=True, metadata=WON_FROM_100)
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    taxFreeAmount = Won(  # noqa: N815
        allow_none=True, validate=validate.Range(min=0), metadata=UNTAXED
    )
    cardInstallmentPlan = Months(  # noqa: N815
        allow_none=True,
        validate=validate.Range(min=0),
        metadata={"code": "INVALID_CARD_INSTALLMENT_PLAN", **_MONTHS},
    )

    @validates_schema
    def _check_tax(self, data: dict[str, Any], **more: Any) -> None:
        if (data.get("taxFreeAmount") or 0) > max(data["amount"], 0):
            raise ValidationError("Must not be above amount.", "taxFreeAmount")


class KeyInRequest(CardFields, ChargeFields):
    """A card, and what it is to be charged for."""

    example: Mapping[str, Any] = {**ORDER_EXAMPLE, **CARD_EXAMPLE}

    useFreeInstallmentPlan = Flag(allow_none=True)  # noqa: N815
    useCardPoint = Flag(allow_none=True)  # noqa: N815


CARD_ERRORS: tuple[type[Exception], ...] = (
    card_errors.CardNumberError,
    card_errors.CardExpirationError,
    card_errors.IdentityFormatError,
    card_errors.IdentityMismatchError,
    card_errors.CardPasswordError,
)


def _key_in(call: Call) -> dict[str, Any] | Response:
    body = call.body
    terms = CardTerms(
        installment_months=body.get("cardInstallmentPlan") or 0,
        has_free_installments=bool(body.get("useFreeInstallmentPlan")),
        use_card_point=bool(body.get("useCardPoint")),
    )
    payment = pay_by_key_in(call.context, call.connection, read_order(body), read_card(body), terms)
    return answer_charge(call, payment)


OPERATIONS = (
    Operation(
        "key-in",
        "POST",
        "/v1/payments/key-in",
        "Charge a card that the merchant keys in",
        _key_in,
        body=KeyInRequest(),
        answer=PaymentSchema,
        errors=(*CHARGE_ERRORS, *CARD_ERRORS),
    ),
)
