"""The list of card promotions."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.api.operation import Call, Operation
from payments_mock.api.values import shown_text, shown_whole
from payments_mock.domain.payments.limits import (
    BANK_DISCOUNTS,
    CARD_DISCOUNTS,
    INTEREST_FREE,
    LEAST_AMOUNT_WITH_POINTS,
    POINT_CARDS,
    BankDiscount,
    CardDiscount,
    InterestFree,
    due_date,
)
from payments_mock.domain.reports import day_in_korea


class CardDiscountSchema(Schema):
    """An instant discount of a card."""

    issuerCode = shown_text()  # noqa: N815
    discountAmount = shown_whole()  # noqa: N815
    balance = shown_whole()
    discountCode = shown_text()  # noqa: N815
    dueDate = shown_text()  # noqa: N815
    minimumPaymentAmount = shown_whole()  # noqa: N815
    maximumPaymentAmount = shown_whole()  # noqa: N815
    currency = shown_text()


class InterestFreeCard(Schema):
    """Months in which a card charges no interest."""

    issuerCode = shown_text()  # noqa: N815
    minimumPaymentAmount = shown_whole()  # noqa: N815
    dueDate = shown_text()  # noqa: N815
    installmentFreeMonths = fields.List(fields.Integer(strict=True), required=True)  # noqa: N815


class CardPromotions(Schema):
    """The offers of card companies."""

    discountCards = fields.List(fields.Nested(CardDiscountSchema), required=True)  # noqa: N815
    interestFreeCards = fields.List(fields.Nested(InterestFreeCard), required=True)  # noqa: N815


class CardInterestFree(InterestFreeCard):
    """Months in which a card charges no interest, with the currency."""

    currency = shown_text()


class CardPoint(Schema):
    """A card that can pay with its points."""

    issuerCode = shown_text()  # noqa: N815
    minimumPaymentAmount = shown_whole()  # noqa: N815
    currency = shown_text()
    dueDate = shown_text()  # noqa: N815


class BankDiscountSchema(Schema):
    """An instant discount of a bank."""

    type = fields.String(required=True, validate=validate.OneOf(("FIXED_AMOUNT", "FIXED_RATE")))
    bankCode = shown_text()  # noqa: N815
    discountAmount = shown_whole(null=True)  # noqa: N815
    discountRate = fields.Float(required=True, allow_none=True)  # noqa: N815
    minimumPaymentAmount = shown_whole()  # noqa: N815
    maximumPaymentAmount = shown_whole()  # noqa: N815
    currency = shown_text()
    discountCode = shown_text()  # noqa: N815
    dueDate = shown_text()  # noqa: N815


class Promotion(Schema):
    """One offer; only the kind that `type` names is filled in."""

    payType = fields.String(  # noqa: N815
        required=True, validate=validate.OneOf(("NORMAL", "BILLING", "BRANDPAY"))
    )
    type = fields.String(
        required=True,
        validate=validate.OneOf(("CARD_DISCOUNT", "CARD_INTEREST_FREE", "CARD_POINT", "BANK_DISCOUNT")),
    )
    cardDiscount = fields.Nested(CardDiscountSchema, required=True, allow_none=True)  # noqa: N815
    cardInterestFree = fields.Nested(CardInterestFree, required=True, allow_none=True)  # noqa: N815
    cardPoint = fields.Nested(CardPoint, required=True, allow_none=True)  # noqa: N815
    bankDiscount = fields.Nested(BankDiscountSchema, required=True, allow_none=True)  # noqa: N815


_CURRENCY = {"currency": "KRW"}
_KINDS = ("cardDiscount", "cardInterestFree", "cardPoint", "bankDiscount")


def present_card_promotions(today: date) -> dict[str, Any]:
    """Show the offers of card companies on a day."""
    due = {"dueDate": due_date(today).isoformat()}
    return {
        "discountCards": [_card_discount(offer) | due for offer in CARD_DISCOUNTS],
        "interestFreeCards": [_interest_free(offer) | due for offer in INTEREST_FREE],
    }


def present_promotions(today: date) -> list[dict[str, Any]]:
    """Show every offer on a day, of card companies and of banks."""
    due = {"dueDate": due_date(today).isoformat()}
    return [
        {"payType": "NORMAL", "type": kind, **dict.fromkeys(_KINDS), name: offer | due}
        for kind, name, offer in _offers()
    ]


def _offers() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for discount in CARD_DISCOUNTS:
        yield "CARD_DISCOUNT", "cardDiscount", _card_discount(discount)
    for months in INTEREST_FREE:
        yield "CARD_INTEREST_FREE", "cardInterestFree", _interest_free(months) | _CURRENCY
    for issuer in POINT_CARDS:
        point = {"issuerCode": issuer, "minimumPaymentAmount": LEAST_AMOUNT_WITH_POINTS}
        yield "CARD_POINT", "cardPoint", point | _CURRENCY
    for reduction in BANK_DISCOUNTS:
        yield "BANK_DISCOUNT", "bankDiscount", _bank_discount(reduction)


def _card_discount(offer: CardDiscount) -> dict[str, Any]:
    return {
        "issuerCode": offer.issuer_code,
        "discountAmount": offer.amount,
        "balance": offer.balance,
        "discountCode": offer.code,
        "minimumPaymentAmount": offer.minimum,
        "maximumPaymentAmount": offer.maximum,
        **_CURRENCY,
    }


def _interest_free(offer: InterestFree) -> dict[str, Any]:
    return {
        "issuerCode": offer.issuer_code,
        "minimumPaymentAmount": offer.minimum,
        "installmentFreeMonths": list(offer.months),
    }


def _bank_discount(offer: BankDiscount) -> dict[str, Any]:
    return {
        "type": "FIXED_RATE" if offer.amount is None else "FIXED_AMOUNT",
        "bankCode": offer.bank_code,
        "discountAmount": offer.amount,
        "discountRate": offer.rate,
        "minimumPaymentAmount": offer.minimum,
        "maximumPaymentAmount": offer.maximum,
        "discountCode": offer.code,
        **_CURRENCY,
    }


def _card_promotions(call: Call) -> dict[str, Any]:
    return present_card_promotions(day_in_korea(call.context.now()))


def _promotions(call: Call) -> list[dict[str, Any]]:
    return present_promotions(day_in_korea(call.context.now()))


OPERATIONS = (
    Operation(
        "card-promotions",
        "GET",
        "/v1/promotions/card",
        "List the discounts and interest-free months of cards",
        _card_promotions,
        answer=CardPromotions,
    ),
    Operation(
        "promotions",
        "GET",
        "/v1/promotions",
        "List every discount, interest-free month and point card",
        _promotions,
        answer=partial(Promotion, many=True),
    ),
)
