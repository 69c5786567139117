import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_bdd import scenarios, then, when

from testkit.answer import Answer
from testkit.checks import granted
from testkit.credentials import basic, encoded
from testkit.curl import read_curl_line
from testkit.provider_client import Payment, Provider

scenarios("provider/guide.feature")

GUIDES_KEY = encoded("test_sk_dummy:")


@pytest.fixture
def ids() -> dict[str, str]:
    """Return what this run has for the ids in the guide."""
    payment = Payment(10_000)
    return {"pay_123": payment.payment_key, "order_123": payment.order_id}


@when("the developer pastes", target_fixture="answer")
def _(docstring: str, ids: dict[str, str], provider: Provider, secret_key: str) -> Answer:
    line = read_curl_line(_replaced(docstring, ids | {GUIDES_KEY: basic(secret_key).split()[1]}))
    with Provider(provider.url, line.headers["Authorization"]) as developer:
        path = urlsplit(line.url).path
        return developer.send(line.method, path, line.body, line.headers["Content-Type"])


@then("the guide's answer comes back")
def _(answer: Answer, docstring: str, ids: dict[str, str]) -> None:
    as_in_the_guide = _replaced(granted(answer).text, {own: guides for guides, own in ids.items()})
    assert _comparable(json.loads(as_in_the_guide)) == _comparable(json.loads(docstring))


def _replaced(text: str, words: dict[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text


def _comparable(body: dict[str, Any]) -> dict[str, Any]:
    """Return `body` with a placeholder for every time, and the receipt's path alone for its address."""
    same = {name: _without_time(value) for name, value in body.items()}
    if "receipt" in body:
        same["receipt"] = {name: urlsplit(url).path for name, url in body["receipt"].items()}
    return same


def _without_time(value: Any) -> Any:
    is_time = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value)
    return "a time in UTC" if is_time else value
