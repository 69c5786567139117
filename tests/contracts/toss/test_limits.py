"""What a method takes at confirm: of an amount, of a month, of a card."""

from typing import Any

import pytest

from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import cancel, check_out, confirm, pay, try_to_pay
from tests.contracts.toss.answers import assert_refused

PHONE = {"method": "MOBILE_PHONE", "customerMobilePhone": "01012345678"}
TRANSFER = {"method": "TRANSFER", "customerKey": "customer_123"}


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": 99}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": 199, "method": "TRANSFER"}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": 199, "method": "VIRTUAL_ACCOUNT"}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": 100_000_001, "method": "TRANSFER"}, "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT"),
        ({"amount": 1_000_001, "method": "MOBILE_PHONE"}, "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT"),
        ({"amount": 49_999, "card": {"installmentPlanMonths": 2}}, "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT"),
        ({"amount": 50_000, "card": {"installmentPlanMonths": -1}}, "INVALID_CARD_INSTALLMENT_PLAN"),
        ({"amount": 50_000, "card": {"installmentPlanMonths": 1}}, "EXCEED_MIN_CARD_INSTALLMENT_PLAN"),
        ({"amount": 50_000, "card": {"installmentPlanMonths": 13}}, "EXCEED_MAX_CARD_INSTALLMENT_PLAN"),
        (
            {"amount": 50_000, "card": {"installmentPlanMonths": 2, "type": "CHECK"}},
            "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
        ),
        (
            {"amount": 50_000, "card": {"installmentPlanMonths": 2, "type": "GIFT"}},
            "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
        ),
        ({"card": {"useCardPoint": True, "type": "CHECK"}}, "NOT_ALLOWED_POINT_USE"),
        ({"card": {"useCardPoint": True, "type": "GIFT"}}, "NOT_ALLOWED_POINT_USE"),
    ],
)
def test_what_a_method_does_not_take_is_refused_and_the_payment_stays_as_it_was(
    toss: TossMerchant, fields: dict[str, Any], code: str
) -> None:
    begun = check_out(toss, **fields)

    assert_refused(confirm(toss, begun), code)

    assert toss.get(begun["paymentKey"]).get_json()["status"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 100},
        {"amount": 200, "method": "TRANSFER"},
        {"amount": 100_000_000, "method": "TRANSFER"},
        {"amount": 1_000_000, "method": "MOBILE_PHONE"},
        {"amount": 50_000, "card": {"installmentPlanMonths": 2}},
        {"amount": 50_000, "card": {"installmentPlanMonths": 12}},
        {"amount": 49_999, "card": {"installmentPlanMonths": 0, "type": "CHECK"}},
        {"card": {"useCardPoint": True}},
    ],
)
def test_the_limits_themselves_are_taken(toss: TossMerchant, fields: dict[str, Any]) -> None:
    assert pay(toss, **fields)["status"] == "DONE"


def test_a_phones_bill_holds_a_million_won_a_month(toss: TossMerchant) -> None:
    pay(toss, amount=600_000, **PHONE)
    pay(toss, amount=400_000, **PHONE)

    assert_refused(try_to_pay(toss, amount=100, **PHONE), "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT")


def test_another_phone_has_a_bill_of_its_own(toss: TossMerchant) -> None:
    pay(toss, amount=1_000_000, **PHONE)

    pay(toss, amount=1_000_000, **PHONE | {"customerMobilePhone": "01087654321"})


def test_shoppers_who_name_no_phone_have_each_their_own(toss: TossMerchant) -> None:
    numbers = {
        pay(toss, amount=1_000_000, method="MOBILE_PHONE")["mobilePhone"]["customerMobilePhone"]
        for _ in range(3)
    }

    assert len(numbers) == 3


def test_what_was_canceled_is_off_the_phones_bill(toss: TossMerchant) -> None:
    cancel(toss, pay(toss, amount=1_000_000, **PHONE))

    pay(toss, amount=1_000_000, **PHONE)


def test_a_month_of_the_korean_calendar_begins_a_new_bill(toss: TossMerchant, clock: MovableClock) -> None:
    clock.advance(days=30, hours=2, minutes=25, seconds=3)
    pay(toss, amount=1_000_000, **PHONE)
    assert_refused(try_to_pay(toss, amount=100, **PHONE), "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT")

    clock.advance(seconds=1)

    pay(toss, amount=1_000_000, **PHONE)


def test_another_merchant_has_bills_of_its_own(toss: TossMerchant, other_toss: TossMerchant) -> None:
    pay(toss, amount=1_000_000, **PHONE)

    pay(other_toss, amount=1_000_000, **PHONE)


def test_a_customer_transfers_500_million_won_a_day(toss: TossMerchant, clock: MovableClock) -> None:
    for _ in range(5):
        pay(toss, amount=100_000_000, **TRANSFER)
    begun = check_out(toss, amount=200, **TRANSFER)

    assert_refused(confirm(toss, begun), "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT")

    clock.advance(hours=2, minutes=26)
    pay(toss, amount=200, **TRANSFER)


def test_another_customer_and_whoever_is_unknown_have_days_of_their_own(toss: TossMerchant) -> None:
    for _ in range(5):
        pay(toss, amount=100_000_000, **TRANSFER)

    pay(toss, amount=200, **TRANSFER | {"customerKey": "customer_124"})
    pay(toss, amount=200, method="TRANSFER")


@pytest.mark.parametrize("tax_free", [-1, 10_001, 2**53 - 1])
def test_the_untaxed_part_must_be_a_part_of_the_amount(toss: TossMerchant, tax_free: int) -> None:
    asked = {"orderId": "order_123", "orderName": "티셔츠", "amount": 10_000, "method": "CARD"}

    refused = toss.control("checkouts", **asked, taxFreeAmount=tax_free)

    assert 400 <= refused.status_code < 500
    assert "taxFreeAmount must be from 0 to the amount, 10000" in refused.get_json()["message"]
    assert toss.get_by_order("order_123").status_code == 404
