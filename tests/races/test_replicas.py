"""Two servers on one database, with threads or workers, whose callers make, move and delete one sandbox."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import Any

import pytest
import requests

from testkit.depth import depth
from testkit.processes import running_server
from testkit.races import at_once

pytestmark = pytest.mark.every_database

ROUNDS = depth(100, 2)
LIVES = depth(40, 1)
RESETS = depth(8, 3)
ADVANCES = depth(30, 1)
PATIENCE_SECONDS = 30.0
names = count(1)


@pytest.fixture(scope="module", params=[("--threads", "4"), ("--workers", "2")], ids=["threads", "workers"])
def urls(
    request: pytest.FixtureRequest,
    racing_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[str]]:
    """Start the servers, which must log no traceback to their end."""
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    command = [*serve, "--database-url", racing_database, *request.param]
    with ExitStack() as stack:
        yield [
            stack.enter_context(running_server(command, tmp_path_factory.mktemp("replica"))).url
            for _ in range(2)
        ]


GONE = {"paymentKey": "gone", "orderId": "order-gone", "amount": 1}
CONFIRMED_ELSEWHERE = {
    "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
    "ALREADY_PROCESSED_PAYMENT",
    "NOT_FOUND_PAYMENT_SESSION",
}
"""What a confirm may be told, for one that was faster or for a window whose time is over."""

Fields = dict[str, Any]


def send(url: str, body: Fields | None = None, *, verb: str = "POST", key: str = "") -> requests.Response:
    return requests.request(verb, url, json=body, auth=(key, ""), timeout=PATIENCE_SECONDS)


def fields_of(answer: requests.Response) -> Fields:
    assert answer.status_code == 200, answer.text
    fields: Fields = answer.json()
    return fields


class Sandbox:
    """A sandbox on the Toss contract, which every server of the database knows."""

    def __init__(self, url: str) -> None:
        self.made = fields_of(send(f"{url}/control/sandboxes", {"contract": "toss"}))
        self.path = f"control/sandboxes/{self.made['id']}"

    def check_out(self, url: str) -> requests.Response:
        order = {"orderId": f"order-{next(names):06}", "orderName": "셔츠", "amount": 1_000, "method": "CARD"}
        return send(f"{url}/control/checkouts", order | {"clientKey": self.made["clientKey"]})

    def confirm(self, url: str, begun: Fields) -> requests.Response:
        asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}
        return send(f"{url}/v1/payments/confirm", asked, key=self.made["secretKey"])

    def confirm_all(self, url: str, begun: list[Fields]) -> list[str]:
        for payment in begun:
            answer = self.confirm(url, payment)
            # Who confirms what another confirms at this moment is told so by a 500.
            assert answer.ok or answer.json()["code"] in CONFIRMED_ELSEWHERE, answer.text
        return []

    def advance(self, url: str) -> list[str]:
        """Move the clock; returns the keys of the payments that are said to have expired by it."""
        moved = fields_of(send(f"{url}/{self.path}/clock", {"advance": "PT1H"}))
        expired: list[str] = moved["due"]["expiredPayments"]
        return expired

    def status(self, url: str, payment_key: str) -> str:
        found = send(f"{url}/v1/payments/{payment_key}", verb="GET", key=self.made["secretKey"])
        return str(fields_of(found)["status"])

    def pay_until_refused(self, url: str) -> list[int]:
        """Pay until the keys are unknown; returns the statuses of all answers."""
        statuses: list[int] = []
        while not statuses or 401 not in statuses:
            begun = self.check_out(url)
            statuses.append(begun.status_code)
            payment = begun.json() if begun.ok else GONE
            statuses.append(self.confirm(url, payment).status_code)
        return statuses

    def arm_until_refused(self, url: str) -> list[int]:
        effect = {"kind": "delay", "seconds": 0}
        fault: Fields = {"match": {}, "moment": "after", "effect": effect, "times": "always"}
        statuses: list[int] = []
        while not statuses or 404 not in statuses:
            statuses.append(send(f"{url}/{self.path}/faults", fault).status_code)
            statuses.append(send(f"{url}/{self.path}/clock", {"advance": "PT1S"}).status_code)
        return statuses

    def reset_and_delete(self, url: str) -> list[int]:
        resets = [send(f"{url}/{self.path}/reset").status_code for _ in range(RESETS)]
        return [*resets, send(f"{url}/{self.path}", verb="DELETE").status_code]


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", "taken-{}"), ("secretKey", "test_sk_taken_{}"), ("clientKey", "test_ck_taken_{}")],
)
def test_of_sandboxes_with_one_name_one_is_made(urls: list[str], field: str, value: str) -> None:
    for _ in range(ROUNDS):
        wanted = {field: value.format(next(names))}

        answers = at_once([partial(send, f"{url}/control/sandboxes", wanted) for url in urls * 2])

        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 3}
        refusals = {answer.json()["message"] for answer in answers if answer.status_code == 409}
        [made] = [answer.json()["id"] for answer in answers if answer.status_code == 200]
        of_key = f"the {field} is in use already, by the sandbox {made}"
        assert refusals == {f"the id {made} is in use already" if field == "id" else of_key}


def test_who_wants_anothers_keys_in_another_order_waits_for_nobody(urls: list[str]) -> None:
    for _ in range(ROUNDS):
        one, other = (f"test_sk_cross_{next(names)}" for _ in range(2))
        wanted = [{"secretKey": one, "clientKey": other}, {"secretKey": other, "clientKey": one}]
        asked = zip(urls, wanted, strict=True)

        answers = at_once([partial(send, f"{url}/control/sandboxes", keys) for url, keys in asked])

        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}


def test_calls_of_a_sandbox_that_is_deleted_hear_that_it_is_not_there(urls: list[str]) -> None:
    heard: Counter[int] = Counter()
    for _ in range(LIVES):
        sandbox = Sandbox(urls[0])
        acts = (sandbox.pay_until_refused, sandbox.arm_until_refused)
        calls = [partial(act, url) for act in acts for url in urls]

        *answers, ends = at_once([*calls, partial(sandbox.reset_and_delete, urls[1])])

        assert set(ends) == {200}
        for statuses in answers:
            heard.update(statuses)
    # A client key that nobody knows is a bad request where a shopper comes with it.
    assert heard.keys() <= {200, 400, 401, 404}, heard


def test_an_advance_names_the_payments_that_it_let_expire(urls: list[str]) -> None:
    for _ in range(ADVANCES):
        sandbox = Sandbox(urls[0])
        begun = [fields_of(sandbox.check_out(urls[0])) for _ in range(6)]

        calls: list[Callable[[], list[str]]] = [
            partial(sandbox.confirm_all, urls[0], begun),
            partial(sandbox.confirm_all, urls[1], begun[::-1]),
            *(partial(sandbox.advance, url) for url in urls),
        ]
        named = at_once(calls)

        expired = [
            payment["paymentKey"]
            for payment in begun
            if sandbox.status(urls[0], payment["paymentKey"]) == "EXPIRED"
        ]
        assert sorted(key for keys in named for key in keys) == sorted(expired)
