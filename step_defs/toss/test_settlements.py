from datetime import datetime

from pytest_bdd import scenarios, then, when

from step_defs.toss.conftest import KOREA
from step_defs.toss.sales import Sale
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Provider

scenarios("toss/settlements.feature")

PATH = "/v1/settlements"


@when("the merchant lists the settlements of today", target_fixture="answer")
def _(merchant: Provider) -> Answer:
    today = f"{datetime.now(KOREA):%Y-%m-%d}"
    return merchant.send("GET", f"{PATH}?startDate={today}&endDate={today}&size=5000")


@when(sentence("the merchant lists the settlements with {query}"), target_fixture="answer")
def _(merchant: Provider, query: str) -> Answer:
    return merchant.send("GET", f"{PATH}?{query}")


@when("the merchant asks for the settlement of the sale", target_fixture="answer")
def _(merchant: Provider, sales: list[Sale]) -> Answer:
    return merchant.post(PATH, {"paymentKey": sales[0].payment_key})


@then("the sale is not among them")
def _(answer: Answer, sales: list[Sale]) -> None:
    assert sales[0].payment_key not in {row["paymentKey"] for row in granted(answer).body}


@then("the request is taken")
def _(answer: Answer) -> None:
    assert granted(answer).body == {"result": True}
