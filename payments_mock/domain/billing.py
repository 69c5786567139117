"""Billing keys: how a customer's card is registered and charged again.

PaymentError
    BillingError
        BillingNotFoundError
        BillingAuthorizationOverError
        CustomerMismatchError
        BillingKeyRemovedError
        BillingCardExpiredError
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from payments_mock.domain.cards import CardData, Decline, card_of_number, find_decline
from payments_mock.domain.errors import PaymentError, differs
from payments_mock.domain.payments.confirmation import Choice
from payments_mock.domain.payments.instruments import Instruments
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.values import immutable


class BillingError(PaymentError):
    """A rule of billing is broken."""


class BillingNotFoundError(BillingError):
    """The merchant has no such billing key, or no such authorization of one."""


class BillingAuthorizationOverError(BillingError):
    """The customer's authorization was used before, or is too old."""


class CustomerMismatchError(BillingError):
    """The customer is not the one who authorized the billing key."""


class BillingKeyRemovedError(BillingError):
    """The billing key was deleted."""


class BillingCardExpiredError(BillingError):
    """The billing key has outlived its card."""


TIME_TO_ISSUE = timedelta(minutes=10)
"""How long an authKey is valid; the public reference only says that it works once."""

BILLING_KEY = re.compile(r"[A-Za-z0-9_=-]{1,200}")


@immutable
class BillingMeans:
    """What a customer agreed to pay with; its card has no amount yet.

    `expires_at` is when the card expires, None if that is not known. `refusal` is how its issuer will
    refuse charges, if it will.
    """

    method: Method
    instruments: Instruments
    expires_at: datetime | None = None
    refusal: Decline | None = None


@immutable
class BillingAuthorization:
    """A customer's agreement in the billing window, for which one billing key is issued."""

    merchant_id: int
    auth_key: str
    customer_key: str
    means: BillingMeans
    authenticated_at: datetime
    used_at: datetime | None = None


@immutable
class BillingKey:
    """A key that stands for a customer's means in every charge, until it is deleted."""

    merchant_id: int
    billing_key: str
    customer_key: str
    means: BillingMeans
    authenticated_at: datetime
    deleted_at: datetime | None = None


def means_of_card(card: CardData) -> BillingMeans:
    """Return the means of a customer whose card was keyed in."""
    instruments = Instruments(card=card_of_number(card.number, is_corporate=card.is_corporate))
    return BillingMeans(Method.CARD, instruments, card.expires_at, find_decline(card.number))


def check_issuable(authorization: BillingAuthorization, customer_key: str, now: datetime) -> None:
    """Refuse to issue a billing key to another customer, twice, or too late.

    Raises:
        CustomerMismatchError, BillingAuthorizationOverError: as named.
    """
    if authorization.customer_key != customer_key:
        raise CustomerMismatchError(
            "customerKey is not the one that the authKey was made for",
            differs("customerKey", authorization.customer_key, customer_key),
        )
    if authorization.used_at is not None:
        raise BillingAuthorizationOverError("the authKey was used before")
    if now >= authorization.authenticated_at + TIME_TO_ISSUE:
        raise BillingAuthorizationOverError("the authKey is too old")


def check_charge(key: BillingKey, customer_key: str, now: datetime) -> None:
    """Refuse to charge by a key that is deleted, another customer's, or of a card that has run out.

    Raises:
        BillingKeyRemovedError, CustomerMismatchError, BillingCardExpiredError: as named.
    """
    if key.deleted_at is not None:
        raise BillingKeyRemovedError("the billing key was deleted")
    if key.customer_key != customer_key:
        raise CustomerMismatchError(
            "customerKey is not the one that the billing key was issued for",
            differs("customerKey", key.customer_key, customer_key),
        )
    if key.means.expires_at is not None and now >= key.means.expires_at:
        raise BillingCardExpiredError("the card has expired since the billing key was issued")


def choice_of(means: BillingMeans, amount: int, installment_months: int) -> Choice:
    """Return the choice with which `amount` KRW is charged, a card in so many instalments."""
    instruments = means.instruments
    if instruments.card is not None:
        card = replace(instruments.card, amount=amount, installment_months=installment_months)
        instruments = replace(instruments, card=card)
    decline_code = None if means.refusal is None else means.refusal.of_amount(amount)
    return Choice(means.method, instruments, decline_code)
