"""Glue of the window's feature: a shop's page, its shopper, and its server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pytest_bdd import given, parsers, scenarios, then, when

from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.credentials import basic
from testkit.identifiers import random_order_id
from testkit.provider_client import Provider

scenarios("checkout/window.feature")

CLIENT_KEY, SECRET_KEY = "test_ck_toss_dummy", "test_sk_toss_dummy"
SHOP = "http://shop.test"
CHOICES: dict[str, dict[str, Any]] = {
    "KAKAOPAY": {"method": "EASY_PAY", "easyPay": "KAKAOPAY"},
    "the money in KAKAOPAY": {"method": "EASY_PAY", "easyPay": "KAKAOPAY", "easyPayWith": "MONEY"},
    "a transfer by 90": {"method": "TRANSFER", "bank": "90"},
    "an account at 20": {"method": "VIRTUAL_ACCOUNT", "bank": "20", "depositor": "이구매"},
    "gift certificates": {"method": "CULTURE_GIFT_CERTIFICATE"},
}


def order_of(amount: int) -> dict[str, Any]:
    """Return what page and server alike say of a new order."""
    return {
        "orderId": random_order_id(),
        "orderName": "1-팝콘",
        "amount": amount,
        "successUrl": f"{SHOP}/success?billingMethod=CARD&",
        "failUrl": f"{SHOP}/fail",
    }


class Shopper:
    """Opens a window as a script does, and decides in it; keeps where the browser was sent."""

    def __init__(self, merchant: Provider, order_id: str, key: str, window: str) -> None:
        self.merchant = merchant
        self.order_id = order_id
        self.key = key
        self.token = window.partition("token=")[2]
        self.redirect = ""

    @classmethod
    def sent_by_the_page(cls, merchant: Provider, amount: int) -> "Shopper":
        """Come by the window that the shop's page has asked for."""
        order = order_of(amount)
        session = granted(merchant.post("/checkout/sessions", order | {"clientKey": CLIENT_KEY})).body
        return cls(merchant, order["orderId"], session["paymentKey"], session["windowPath"])

    @classmethod
    def sent_by_the_server(cls, merchant: Provider, amount: int) -> "Shopper":
        """Come by the checkout address of a payment that the shop's server has begun."""
        order = order_of(amount)
        begun = granted(merchant.post("/v1/payments", order | {"method": "CARD"})).body
        window = requests.get(begun["checkout"]["url"], timeout=10)
        return cls(merchant, order["orderId"], begun["paymentKey"], window.url)

    def decide(self, action: str, **more: Any) -> str:
        decision = {"token": self.token, "action": action, **more}
        answer = self.merchant.another_client().post(f"/checkout/{self.key}/decisions", decision)
        self.redirect = str(granted(answer).body["redirectUrl"])
        return self.redirect

    def pay(self, **selection: Any) -> str:
        return self.decide("authenticate", selection={"method": "CARD", "issuer": "41", **selection})

    @property
    def query(self) -> dict[str, str]:
        parts = parse_qs(urlsplit(self.redirect).query, strict_parsing=True)
        return {name: values[-1] for name, values in parts.items()}

    def confirm(self) -> Answer:
        query = self.query
        return self.merchant.post(
            "/v1/payments/confirm", {name: query[name] for name in ("paymentKey", "orderId", "amount")}
        )

    def payment(self) -> dict[str, Any]:
        return dict(granted(self.merchant.send("GET", f"/v1/payments/orders/{self.order_id}")).body)


@pytest.fixture
def merchant(provider_url: str) -> Iterator[Provider]:
    """Return the client of the Toss merchant that every server knows."""
    with Provider(provider_url, basic(SECRET_KEY)) as client:
        yield client


@given("the shop's server began a payment of 68,000 won", target_fixture="shopper")
def _(merchant: Provider) -> Shopper:
    return Shopper.sent_by_the_server(merchant, 68_000)


@given("the shop's page asked for a window of 68,000 won", target_fixture="shopper")
def _(merchant: Provider) -> Shopper:
    return Shopper.sent_by_the_page(merchant, 68_000)


@when(parsers.parse('the shopper pays by card "{issuer}" in {months:d} instalments'))
def _(shopper: Shopper, issuer: str, months: int) -> None:
    shopper.pay(issuer=issuer, installmentMonths=months)


@when(parsers.re(r'the shopper pays by "(?P<choice>[^"]+)"$'))
def _(shopper: Shopper, choice: str) -> None:
    shopper.decide("authenticate", selection=CHOICES[choice])


@when("the shopper closes the window")
def _(shopper: Shopper) -> None:
    shopper.decide("close")


@when(parsers.parse('the payment fails in the window with "{code}"'))
def _(shopper: Shopper, code: str) -> None:
    shopper.decide("fail", code=code)


@when("the time of the window runs out")
def _(shopper: Shopper) -> None:
    shopper.decide("expire")


@when(parsers.parse('the shopper pays, and the issuer is going to refuse with "{code}"'))
def _(shopper: Shopper, code: str) -> None:
    shopper.decide("authenticate", selection={"method": "CARD", "issuer": "41"}, decline=code)


@when("the shopper presses Pay twice at once", target_fixture="addresses")
def _(shopper: Shopper) -> list[str]:
    with ThreadPoolExecutor(2) as threads:
        return [press.result() for press in [threads.submit(shopper.pay) for _ in range(2)]]


@when("a stranger who knows the payment key decides to pay", target_fixture="answer")
def _(shopper: Shopper) -> Answer:
    decision = {"token": "0" * 32, "action": "authenticate", "selection": {"method": "CARD"}}
    return shopper.merchant.post(f"/checkout/{shopper.key}/decisions", decision)


@when("the merchant confirms with the texts of the address")
def _(shopper: Shopper) -> None:
    granted(shopper.confirm())


@then('the browser goes to the success page with "paymentType, orderId, paymentKey and amount"')
def _(shopper: Shopper) -> None:
    assert shopper.redirect.startswith(f"{SHOP}/success?")
    assert {"paymentType", "orderId", "paymentKey", "amount"} <= shopper.query.keys()
    assert (shopper.query["orderId"], shopper.query["amount"]) == (shopper.order_id, "68000")


@then("what the shop put into the address of its success page is still there")
def _(shopper: Shopper) -> None:
    assert shopper.query["billingMethod"] == "CARD"


@then(parsers.parse('the browser goes to the fail page with "{code}"'))
def _(shopper: Shopper, code: str) -> None:
    assert shopper.redirect.startswith(f"{SHOP}/fail?")
    assert shopper.query["code"] == code
    assert shopper.query["message"]


@then("the address names no order")
def _(shopper: Shopper) -> None:
    assert "orderId" not in shopper.query


@then(parsers.parse('the payment is "{status:w}"'))
def _(shopper: Shopper, status: str) -> None:
    assert shopper.payment()["status"] == status


@then(parsers.parse('it shows a card of "{issuer}" in {months:d} instalments'))
def _(shopper: Shopper, issuer: str, months: int) -> None:
    card = shopper.payment()["card"]
    assert (card["issuerCode"], card["installmentPlanMonths"]) == (issuer, months)


@then(parsers.parse('the payment shows "{field}" as "{value}"'))
def _(shopper: Shopper, field: str, value: str) -> None:
    shown: Any = shopper.payment()
    for name in field.split("."):
        shown = shown[name]
    assert shown == value


@then(sentence("the wallet itself paid {amount:Number} won"))
def _(shopper: Shopper, amount: int) -> None:
    assert shopper.payment()["easyPay"]["amount"] == amount


@then(parsers.parse('the payment shows no "{field}"'))
def _(shopper: Shopper, field: str) -> None:
    assert shopper.payment()[field] is None


@then(parsers.parse('the confirm with the texts of the address is refused with {status:d} "{code:w}"'))
def _(shopper: Shopper, status: int, code: str) -> None:
    assert_refused(shopper.confirm(), status, code)


@then("both presses lead to the same address")
def _(addresses: list[str]) -> None:
    assert len(set(addresses)) == 1


@then(parsers.parse('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)


@then("the checkout address of the payment shows the window")
def _(shopper: Shopper) -> None:
    page = requests.get(shopper.payment()["checkout"]["url"], timeout=10)
    assert page.status_code == 200
    assert "1-팝콘" in page.text
