from datetime import datetime

from pytest_bdd import scenarios, then, when

from step_defs.toss.conftest import KOREA
from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("toss/settlements.feature")

PATH = "/v1/settlements"
DAYS = "startDate=2024-01-01&endDate=2024-01-02"
QUERIES = {
    "a first day at 25 o'clock": "startDate=2024-01-01T25:00:00&endDate=2024-01-02",
    "the last day before the first": "startDate=2024-01-02&endDate=2024-01-01",
    "5,001 rows a page": f"{DAYS}&size=5001",
    "page 0": f"{DAYS}&page=0",
    "a kind of day that does not exist": f"{DAYS}&dateType=someday",
    "no last day": "startDate=2024-01-01",
}


@when("the merchant lists the settlements of today", target_fixture="answer")
def _(merchant: Provider) -> Answer:
    today = f"{datetime.now(KOREA):%Y-%m-%d}"
    return merchant.send("GET", f"{PATH}?startDate={today}&endDate={today}&size=5000")


@when(sentence('the merchant lists the settlements with "{what}"'), target_fixture="answer")
def _(merchant: Provider, what: str) -> Answer:
    return merchant.send("GET", f"{PATH}?{QUERIES[what]}")


@when("the merchant asks for the settlement of the payment", target_fixture="answer")
def _(purchase: Purchase) -> Answer:
    return purchase.send("POST", PATH, {"paymentKey": purchase.payment_key})


@then("the payment is not among them")
def _(answer: Answer, purchase: Purchase) -> None:
    assert purchase.payment_key not in {row["paymentKey"] for row in granted(answer).body}


@then("the request is taken")
def _(answer: Answer) -> None:
    assert granted(answer).body == {"result": True}
