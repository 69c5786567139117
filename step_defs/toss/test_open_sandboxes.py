import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.toss.sales import Sale
from step_defs.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.credentials import basic
from testkit.identifiers import random_text
from testkit.processes import running_server
from testkit.provider_client import Provider

scenarios("toss/open_sandboxes.feature")


@pytest.fixture(scope="module")
def open_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base URL of an open server, a process of this module's own."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--open", "--port", "0"]
    with running_server(command, tmp_path_factory.mktemp("open")) as server:
        yield server.url


@given("an open server and a pair of keys that nobody has used", target_fixture="suffix")
def _() -> str:
    return random_text(20)


@when(sentence("a shopper pays {amount:Number} won there"), target_fixture="paid")
def _(open_url: str, suffix: str, amount: int) -> Iterator[tuple[Sale, dict[str, Any]]]:
    with Provider(open_url, basic(f"test_sk_{suffix}")) as merchant:
        sale = Sale(merchant, amount, f"test_ck_{suffix}")
        yield sale, sale.charge()


@then("the payment is DONE, on the default version of the API")
def _(paid: tuple[Sale, dict[str, Any]]) -> None:
    assert (paid[1]["status"], paid[1]["version"]) == ("DONE", "2022-11-16")


@then("the payment is found with the key of the payment widget")
def _(open_url: str, suffix: str, paid: tuple[Sale, dict[str, Any]]) -> None:
    with Provider(open_url, basic(f"test_gsk_{suffix}")) as merchant:
        assert granted(paid[0].look_up(merchant)).body == paid[1]


@then("the payment is not found with another key")
def _(open_url: str, paid: tuple[Sale, dict[str, Any]]) -> None:
    with Provider(open_url, basic(f"test_sk_{random_text(20)}")) as stranger:
        assert_refused(paid[0].look_up(stranger), 404, "NOT_FOUND_PAYMENT")


@when("a merchant with a key that nobody knows looks a payment up", target_fixture="answer")
def _(provider_url: str) -> Answer:
    with Provider(provider_url, basic(f"test_sk_{random_text(20)}")) as stranger:
        return stranger.send("GET", f"/v1/payments/{random_text(20)}")


@then("the key is refused with 401")
def _(answer: Answer) -> None:
    assert answer.status == 401, answer
