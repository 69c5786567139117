from datetime import datetime

from pytest_bdd import scenarios, then, when

from step_defs.toss.conftest import KOREA
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("toss/promotions.feature")

PARTS = {
    "CARD_DISCOUNT": "cardDiscount",
    "CARD_INTEREST_FREE": "cardInterestFree",
    "CARD_POINT": "cardPoint",
    "BANK_DISCOUNT": "bankDiscount",
}


@when("the merchant asks for the promotions of cards", target_fixture="answer")
def _(merchant: Provider) -> Answer:
    return merchant.send("GET", "/v1/promotions/card")


@when("the merchant asks for all promotions", target_fixture="answer")
def _(merchant: Provider) -> Answer:
    return merchant.send("GET", "/v1/promotions")


@then("there are instant discounts and interest-free months, all of them still to be had")
def _(answer: Answer) -> None:
    offers = granted(answer).body
    assert offers["discountCards"]
    assert offers["interestFreeCards"]
    today = f"{datetime.now(KOREA):%Y-%m-%d}"
    assert all(offer["dueDate"] >= today for kind in offers.values() for offer in kind)


@then("every promotion has the part that its type names, and no other")
def _(answer: Answer) -> None:
    offers = granted(answer).body
    assert {offer["type"] for offer in offers} == set(PARTS)
    for offer in offers:
        assert [part for part in PARTS.values() if offer[part] is not None] == [PARTS[offer["type"]]]
