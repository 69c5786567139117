from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.toss.cards import CARD, card_ending_in
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.identifiers import random_order_id, random_text
from testkit.provider_client import Provider
from testkit.races import at_once

scenarios("toss/billing.feature")

CLIENT_KEY = "test_ck_toss_dummy"
SUCCESS_PAGE = "https://shop.example/done?plan=monthly"
FAIL_PAGE = "https://shop.example/fail"
ORDER_NAME = "월간 구독"


@dataclass
class Customer:
    """One customer of a scenario, with what the merchant was given for them so far."""

    key: str = field(default_factory=lambda: f"customer_{random_text(12)}")
    auth_key: str | None = None
    billing_key: str = "never-issued"
    has_been_charged: bool = False

    def act_in_window(self, merchant: Provider, **fields: Any) -> Answer:
        """Open the billing window and act in it; keeps the authKey, if there is one."""
        asked = {"clientKey": CLIENT_KEY, "customerKey": self.key}
        pages = {"successUrl": SUCCESS_PAGE, "failUrl": FAIL_PAGE}
        answer = granted(merchant.post("/control/billing-authorizations", {**asked, **pages, **fields}))
        self.auth_key = answer.body["authKey"]
        return answer

    def exchange(
        self, merchant: Provider, auth_key: str | None = None, customer: str | None = None
    ) -> Answer:
        """Exchange an authKey, the customer's own unless given; keeps the billing key."""
        asked = {"authKey": auth_key or self.auth_key, "customerKey": customer or self.key}
        return self._kept(merchant.post("/v1/billing/authorizations/issue", asked))

    def register(self, merchant: Provider, card: dict[str, str]) -> Answer:
        """Register a card; keeps the billing key."""
        return self._kept(merchant.post("/v1/billing/authorizations/card", {**card, "customerKey": self.key}))

    def charge(self, merchant: Provider, amount: int, order_id: str, customer: str | None = None) -> Answer:
        """Charge by the billing key."""
        self.has_been_charged = True
        order = {"amount": amount, "orderId": order_id, "orderName": ORDER_NAME}
        path = f"/v1/billing/{quote(self.billing_key, safe='')}"
        return merchant.post(path, {**order, "customerKey": customer or self.key})

    def _kept(self, answer: Answer) -> Answer:
        self.billing_key = answer.body.get("billingKey", self.billing_key)
        return answer


@pytest.fixture
def customer() -> Customer:
    return Customer()


@given("the customer agrees in the billing window")
@when("the customer agrees in the billing window", target_fixture="answer")
def _(customer: Customer, merchant: Provider) -> Answer:
    return customer.act_in_window(merchant)


@given(sentence('the customer agrees in the billing window by "{method:w}"'))
def _(customer: Customer, merchant: Provider, method: str) -> None:
    customer.act_in_window(merchant, method=method)


@when("the customer closes the billing window", target_fixture="answer")
def _(customer: Customer, merchant: Provider) -> Answer:
    return customer.act_in_window(merchant, outcome={"result": "close"})


@given("a billing key of the customer's card")
def _(customer: Customer, merchant: Provider) -> None:
    granted(customer.register(merchant, dict(CARD)))


@given(sentence('a billing key of the customer\'s card that ends in "{ending}"'))
def _(customer: Customer, merchant: Provider, ending: str) -> None:
    granted(customer.register(merchant, card_ending_in(ending)))


@given(sentence('a billing key of the customer\'s card "{number:d}"'))
def _(customer: Customer, merchant: Provider, number: int) -> None:
    granted(customer.register(merchant, {**CARD, "cardNumber": str(number)}))


@when(
    sentence('the merchant registers the customer\'s card that ends in "{ending}"'), target_fixture="answer"
)
def _(customer: Customer, merchant: Provider, ending: str) -> Answer:
    return customer.register(merchant, card_ending_in(ending))


@when("the merchant exchanges the authKey", target_fixture="answer")
def _(customer: Customer, merchant: Provider) -> Answer:
    return customer.exchange(merchant)


@when("the merchant exchanges an authKey that was never given", target_fixture="answer")
def _(customer: Customer, merchant: Provider) -> Answer:
    return customer.exchange(merchant, auth_key="never-given")


@when("the merchant exchanges the authKey for another customer", target_fixture="answer")
def _(customer: Customer, merchant: Provider) -> Answer:
    return customer.exchange(merchant, customer="another_customer")


@when(sentence("the merchant exchanges the authKey {count:d} times at once"), target_fixture="answers")
def _(customer: Customer, merchant: Provider, count: int) -> list[Answer]:
    def exchange() -> Answer:
        with merchant.another_client() as client:
            return customer.exchange(client)

    return at_once([exchange] * count)


@when(sentence("the merchant charges {amount:Number} won by the billing key"), target_fixture="answer")
@when(
    sentence("the merchant charges {amount:Number} won by a billing key that was never issued"),
    target_fixture="answer",
)
def _(customer: Customer, merchant: Provider, amount: int, order_id: str) -> Answer:
    return customer.charge(merchant, amount, random_order_id() if customer.has_been_charged else order_id)


@when(
    sentence("the merchant charges {amount:Number} won for the same order by the billing key"),
    target_fixture="answer",
)
def _(customer: Customer, merchant: Provider, amount: int, order_id: str) -> Answer:
    return customer.charge(merchant, amount, order_id)


@when(
    sentence("the merchant charges {amount:Number} won of another customer by the billing key"),
    target_fixture="answer",
)
def _(customer: Customer, merchant: Provider, amount: int, order_id: str) -> Answer:
    return customer.charge(merchant, amount, order_id, customer="another_customer")


@when("the merchant deletes the billing key", target_fixture="answer")
def _(customer: Customer, merchant: Provider) -> Answer:
    return merchant.send("DELETE", f"/v1/billing/{quote(customer.billing_key, safe='')}")


@then('the browser goes to the success page with "customerKey and authKey"')
def _(answer: Answer, customer: Customer) -> None:
    address = answer.body["redirectUrl"]
    assert answer.body.keys() == {"authKey", "customerKey", "redirectUrl"}
    assert address.startswith(f"{SUCCESS_PAGE}&")
    assert parse_qs(urlsplit(address).query) == {
        "plan": ["monthly"],
        "customerKey": [customer.key],
        "authKey": [customer.auth_key],
    }


@then(sentence('the browser goes to the fail page with "{code:w}"'))
def _(answer: Answer, customer: Customer, code: str) -> None:
    address = answer.body["redirectUrl"]
    assert address.startswith(FAIL_PAGE)
    assert parse_qs(urlsplit(address).query)["code"] == [code]
    assert customer.auth_key is None


@then(sentence('the answer is a billing key of the customer for a "{method:w}"'))
def _(answer: Answer, customer: Customer, method: str) -> None:
    assert granted(answer).body["billingKey"]
    assert (answer.body["customerKey"], answer.body["method"]) == (customer.key, method)


@then("the answer is empty")
def _(answer: Answer) -> None:
    assert (answer.status, answer.text) == (200, "")
