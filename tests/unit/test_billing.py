"""Billing: who may have a billing key issued, and who may charge by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from payments_mock.domain.billing import (
    TIME_TO_ISSUE,
    BillingAuthorization,
    BillingAuthorizationOverError,
    BillingCardExpiredError,
    BillingKey,
    BillingKeyRemovedError,
    CustomerMismatchError,
    check_charge,
    check_issuable,
    choice_of,
    means_of_card,
)
from payments_mock.domain.cards import CardData
from payments_mock.domain.payments.instruments import OwnerType
from payments_mock.domain.payments.methods import Method
from testkit.inside.payments import NOON

CARD = CardData("5365101234121234", "24", "06", "1248100998")
MEANS = means_of_card(CARD)
AUTHORIZATION = BillingAuthorization(1, "e_1", "customer", MEANS, NOON)
KEY = BillingKey(1, "billing-key", "customer", MEANS, NOON)
INSTANT = timedelta(microseconds=1)


def test_a_fresh_authorization_is_issuable_until_its_time_is_over() -> None:
    check_issuable(AUTHORIZATION, "customer", NOON + TIME_TO_ISSUE - INSTANT)

    with pytest.raises(BillingAuthorizationOverError):
        check_issuable(AUTHORIZATION, "customer", NOON + TIME_TO_ISSUE)


def test_a_used_authorization_is_over() -> None:
    with pytest.raises(BillingAuthorizationOverError):
        check_issuable(replace(AUTHORIZATION, used_at=NOON), "customer", NOON)


def test_a_stranger_is_told_nothing_of_an_authorization() -> None:
    with pytest.raises(CustomerMismatchError):
        check_issuable(replace(AUTHORIZATION, used_at=NOON), "stranger", NOON)


def test_a_key_is_good_for_its_customer_until_the_card_runs_out() -> None:
    assert MEANS.expires_at is not None
    check_charge(KEY, "customer", MEANS.expires_at - INSTANT)

    with pytest.raises(BillingCardExpiredError):
        check_charge(KEY, "customer", MEANS.expires_at)


def test_a_key_is_of_no_use_to_another_customer() -> None:
    with pytest.raises(CustomerMismatchError):
        check_charge(KEY, "stranger", NOON)


def test_a_deleted_key_charges_nothing() -> None:
    with pytest.raises(BillingKeyRemovedError):
        check_charge(replace(KEY, deleted_at=NOON), "customer", NOON)


def test_a_charge_puts_the_amount_and_the_instalments_on_the_card() -> None:
    choice = choice_of(MEANS, 50_000, 3)
    card = choice.instruments.card

    assert card is not None
    assert (choice.method, choice.decline_code) == (Method.CARD, None)
    assert (card.amount, card.installment_months, card.owner_type) == (50_000, 3, OwnerType.CORPORATE)


def test_a_charge_of_a_card_that_declines_is_going_to_be_refused() -> None:
    declining = means_of_card(replace(CARD, number="5365101234120105"))

    assert choice_of(declining, 1_000, 0).decline_code == "REJECT_CARD_PAYMENT"
