import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.toss.purchases import Purchase
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.credentials import basic
from testkit.identifiers import random_order_id, random_text
from testkit.processes import running_server
from testkit.provider_client import Provider

scenarios("toss/open_sandboxes.feature")

Paid = dict[str, Any]
"""The payment as the answer to its confirm showed it."""


def look_up(merchant: Provider, paid: Paid) -> Answer:
    return merchant.send("GET", f"/v1/payments/{paid['paymentKey']}")


@pytest.fixture(scope="module")
def open_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base URL of an open server, a process of this module's own."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--open", "--port", "0"]
    with running_server(command, tmp_path_factory.mktemp("open")) as server:
        yield server.url


@given("an open server and a pair of keys that nobody has used", target_fixture="suffix")
def _() -> str:
    return random_text(20)


@when(sentence("a shopper pays {amount:Number} won"), target_fixture="paid")
def _(open_url: str, suffix: str, amount: int) -> Iterator[Paid]:
    with Provider(open_url, basic(f"test_sk_{suffix}")) as merchant:
        purchase = Purchase(merchant, random_order_id(), f"test_ck_{suffix}")
        purchase.amount = amount
        granted(purchase.check_out())
        yield granted(purchase.confirm()).body


@then('the payment is "DONE", on the default version of the API')
def _(paid: Paid) -> None:
    assert (paid["status"], paid["version"]) == ("DONE", "2022-11-16")


@then("the payment is found with the key of the payment widget")
def _(open_url: str, suffix: str, paid: Paid) -> None:
    with Provider(open_url, basic(f"test_gsk_{suffix}")) as merchant:
        assert granted(look_up(merchant, paid)).body == paid


@then("the payment is not found with another key")
def _(open_url: str, paid: Paid) -> None:
    with Provider(open_url, basic(f"test_sk_{random_text(20)}")) as stranger:
        assert_refused(look_up(stranger, paid), 404, "NOT_FOUND_PAYMENT")


@when("a merchant with a key that nobody knows looks a payment up", target_fixture="answer")
def _(provider_url: str) -> Answer:
    with Provider(provider_url, basic(f"test_sk_{random_text(20)}")) as stranger:
        return stranger.send("GET", f"/v1/payments/{random_text(20)}")


@then("the key is refused with 401")
def _(answer: Answer) -> None:
    assert answer.status == 401, answer
