import re

import requests
from pytest_bdd import parsers, scenarios, then, when

from step_defs.toss.purchases import CONFIRM, Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.provider_client import TIMEOUT_SECONDS, Provider

scenarios("toss/headers.feature")

ENDINGS = {
    "a slash at its end": "/",
    "what a campaign adds to links": "?utm_source=app",
    "a slash and the time against caches": "/?_=1700000000",
}


@when(sentence('the merchant calls "{method:w} {path:S}"'), target_fixture="answer")
def _(purchase: Purchase, method: str, path: str) -> Answer:
    return purchase.send(method, path)


@when(sentence('the merchant looks the payment up by a path with "{ending}"'), target_fixture="answer")
def _(purchase: Purchase, ending: str) -> Answer:
    return purchase.send("GET", f"/v1/payments/{purchase.payment_key}{ENDINGS[ending]}")


@when(sentence('a page of "{origin:S}" asks whether it may confirm'), target_fixture="answer")
def _(merchant: Provider, origin: str) -> Answer:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }
    with requests.Session() as session:
        session.trust_env = False
        return Answer.of(session.options(merchant.url + CONFIRM, headers=asked, timeout=TIMEOUT_SECONDS))


@then("the answer has a trace id")
def _(answer: Answer) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-TossPayments-Trace-Id"])


@then(parsers.re(r'it may, with "(?P<names>.+)"'))
def _(answer: Answer, names: str) -> None:
    allowed = {name.strip() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example.com"
    assert set(re.split(", | and ", names)) <= allowed
