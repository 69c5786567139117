"""The Billing object of each version of the contract."""

from typing import Any

from payments_mock.contracts.toss.language import ENGLISH, answer_language
from payments_mock.contracts.toss.present.times import present_time
from payments_mock.contracts.toss.words import word
from payments_mock.domain.billing import BillingKey
from payments_mock.domain.issuers import find_issuer
from payments_mock.domain.methods import Card
from payments_mock.services.context import Context

VERSION_WITH_CARD_AT_THE_TOP = "2022-11-16"


def present_billing(context: Context, key: BillingKey) -> dict[str, Any]:
    """Show a billing key to its merchant, in the language of the request."""
    language = answer_language()
    card = key.means.instruments.card
    shown: dict[str, Any] = {
        "mId": context.merchant.code,
        "customerKey": key.customer_key,
        "authenticatedAt": present_time(key.authenticated_at),
        "method": word(key.means.method, language),
        "billingKey": key.billing_key,
        "card": None if card is None else _card(card, language),
    }
    if context.version == VERSION_WITH_CARD_AT_THE_TOP:
        shown["cardCompany"] = None if card is None else _company(card, language)
        shown["cardNumber"] = None if card is None else card.number
    return shown


def _card(card: Card, language: str) -> dict[str, Any]:
    return {
        "issuerCode": card.issuer_code,
        "acquirerCode": card.acquirer_code,
        "number": card.number,
        "cardType": word(card.card_type, language),
        "ownerType": word(card.owner_type, language),
    }


def _company(card: Card, language: str) -> str:
    issuer = find_issuer(card.issuer_code)
    if issuer is None:
        return card.issuer_code
    return issuer.english_name if language == ENGLISH else issuer.korean_name
