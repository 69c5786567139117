"""The offers of card companies and banks; source: the public reference, "Promotion object"."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from payments_mock.domain.promotions import (
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
