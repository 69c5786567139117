"""Calls that a fault holds: they wait until a test lets them go, refuses them or cuts them."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from testkit.processes import running_server
from testkit.sandbox import Sandbox, in_the_background

pytestmark = pytest.mark.a_few(14)

KEYED = {"headers": {"Idempotency-Key": "press-1"}}
STATES = {"before": "AUTHENTICATED", "after": "APPROVED"}


def serving(folder: Path, *options: str) -> Any:
    return running_server([sys.executable, "-m", "payments_mock", "serve", "--port", "0", *options], folder)


@pytest.fixture(scope="module", params=["one process", "two workers", "threads"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    options = {"one process": [], "two workers": ["--workers", "2"], "threads": ["--threads", "4"]}
    with serving(tmp_path_factory.mktemp("server"), *options[request.param]) as server:
        yield server.url


def hold(sandbox: Sandbox, moment: str, **rule: Any) -> None:
    rule = {"match": {"operation": "confirm"}, "times": "always", **rule}
    sandbox.control("POST", "faults", moment=moment, effect={"kind": "hold"} | rule.pop("effect", {}), **rule)


def held(sandbox: Sandbox, count: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.control(
        "GET", f"held-calls?count={max(count, 1)}&wait={20 * min(count, 1)}"
    )["heldCalls"]
    assert len(found) == count
    return found


def end(sandbox: Sandbox, how: str, **which: Any) -> int:
    return int(sandbox.control("POST", "held-calls/end", do=how, **which)["ended"])


def hold_one(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str, **options: Any
) -> tuple[dict[str, Any], Future[Any]]:
    """Return a payment, and its confirm, which is held."""
    begun = sandbox.begin()
    hold(sandbox, moment)
    call = in_the_background(pool, sandbox, begun, **options)
    held(sandbox)
    return begun, call


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("options", [{}, KEYED], ids=["plain", "keyed"])
def test_a_call_waits_until_it_is_let_go(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str, options: dict[str, Any]
) -> None:
    begun, call = hold_one(sandbox, pool, moment, **options)
    seen, was_done = sandbox.state(begun), call.done()

    ended = end(sandbox, "let-go")

    assert (seen, was_done, ended) == (STATES[moment], False, 1)
    assert call.result().status_code == 200
    assert sandbox.state(begun) == "APPROVED"
    assert held(sandbox, 0) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_call_that_waits_is_refused_with_a_code(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str
) -> None:
    begun, call = hold_one(sandbox, pool, moment)

    end(sandbox, "refuse", code="CARD_DOWN", status=503)

    answer = call.result()
    assert (answer.status_code, answer.json()["code"]) == (503, "CARD_DOWN")
    assert sandbox.state(begun) == STATES[moment]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_call_that_waits_is_cut(sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str) -> None:
    begun, call = hold_one(sandbox, pool, moment)

    end(sandbox, "cut")

    assert isinstance(call.result(), requests.ConnectionError)
    assert sandbox.state(begun) == STATES[moment]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whom_nobody_ends_goes_on_when_its_time_is_over(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str
) -> None:
    begun = sandbox.begin()
    hold(sandbox, moment, effect={"seconds": 0.7})
    began = time.monotonic()

    answer = sandbox.confirm(begun)

    assert (answer.status_code, time.monotonic() - began >= 0.7) == (200, True)
    assert held(sandbox, 0) == []


def test_two_calls_are_let_go_in_the_order_that_hurts(sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
    first, second = sandbox.begin(), sandbox.begin()
    hold(sandbox, "before")
    calls = []
    for number, begun in enumerate((first, second), start=1):
        calls.append(in_the_background(pool, sandbox, begun))
        held(sandbox, number)

    end(sandbox, "let-go", orderId=second["orderId"])
    assert calls[1].result().status_code == 200
    assert [one["orderId"] for one in held(sandbox)] == [first["orderId"]]
    end(sandbox, "let-go", id=held(sandbox)[0]["id"])

    assert calls[0].result().status_code == 200


def test_a_held_call_says_what_it_is(sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
    begun, call = hold_one(sandbox, pool, "before")

    [shown] = held(sandbox)
    end(sandbox, "let-go", fault=shown["fault"])

    said = {name: shown[name] for name in ("operation", "moment", "paymentKey", "orderId", "amount")}
    assert said == {"operation": "confirm", "moment": "before", **begun}
    assert call.result().status_code == 200


def test_a_key_in_the_place_of_a_payment_is_masked_in_a_held_call(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    hold(sandbox, "before")
    misplaced = {"paymentKey": "test_sk_in_a_strange_place", "orderId": "order_1", "amount": 1000}
    call = in_the_background(pool, sandbox, misplaced)

    [shown] = held(sandbox)
    end(sandbox, "let-go")

    assert shown["paymentKey"] == "***"
    assert call.result().status_code == 404


def test_the_twin_of_a_held_call_is_in_progress_until_that_is_let_go(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun, call = hold_one(sandbox, pool, "after", **KEYED)

    twin = sandbox.confirm(begun, **KEYED)
    end(sandbox, "let-go")
    first = call.result()
    sandbox.control("DELETE", "faults")

    assert (twin.status_code, twin.json()["code"]) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    assert answered_in_time(sandbox, begun).text == first.text


def test_a_confirm_that_was_let_go_is_under_way_no_more(sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
    begun, call = hold_one(sandbox, pool, "after")

    end(sandbox, "let-go")
    call.result()
    sandbox.control("DELETE", "faults")

    again = sandbox.confirm(begun)
    assert again.status_code == 200 or again.json()["code"] == "ALREADY_PROCESSED_PAYMENT"


def answered_in_time(sandbox: Sandbox, begun: dict[str, Any]) -> requests.Response:
    """Return the answer to one more request with the key, once the first one counts as answered."""
    deadline = time.monotonic() + 5
    while (answer := sandbox.confirm(begun, **KEYED)).status_code == 409:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer


def test_a_call_is_done_when_it_is_let_go_though_its_client_gave_up(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    hold(sandbox, "before")
    with pytest.raises(requests.ReadTimeout):
        sandbox.confirm(begun, seconds=0.5)

    assert end(sandbox, "let-go") == 1

    deadline = time.monotonic() + 5
    while sandbox.state(begun) != "APPROVED":
        assert time.monotonic() < deadline
    assert held(sandbox, 0) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reset_lets_go_of_all(sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str) -> None:
    _, call = hold_one(sandbox, pool, moment)

    sandbox.control("POST", "reset")

    assert call.result(timeout=5).status_code == {"before": 404, "after": 200}[moment]


def test_calls_of_a_deleted_sandbox_are_nobody_s(sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
    _, call = hold_one(sandbox, pool, "before")

    sandbox.remove()

    assert call.result(timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "do"),
        ({"do": "release"}, "do"),
        ({"do": "refuse"}, "code"),
        ({"do": "refuse", "code": "NO_SUCH_CODE"}, "code"),
        ({"do": "refuse", "status": 200}, "status"),
        ({"do": "cut", "status": 500}, "status"),
        ({"do": "let-go", "id": "1"}, "id"),
        ({"do": "let-go", "order": "order_1"}, "order"),
    ],
)
def test_an_end_that_can_not_be_is_refused_by_its_field(
    sandbox: Sandbox, body: dict[str, Any], field: str
) -> None:
    answer = sandbox.ask("POST", "held-calls/end", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_call_that_is_not_held_is_not_found(sandbox: Sandbox) -> None:
    answer = sandbox.ask("POST", "held-calls/end", {"do": "let-go", "id": 4711})

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_HELD_CALL")
    assert end(sandbox, "let-go") == 0


def test_five_hundred_held_calls_do_not_keep_others_waiting(tmp_path: Path) -> None:
    with serving(tmp_path) as server, ExitStack() as stack:
        busy, calm = Sandbox.on(server.url, "kiosk"), Sandbox.on(server.url, "toss")
        hold(busy, "before", match={})
        for _ in range(500):
            stack.enter_context(busy.call_unread("/v1/payments/nobody"))
        held(busy, 500)
        began = time.monotonic()
        answers = [calm.confirm(calm.begin()) for _ in range(5)]
        took = time.monotonic() - began

        ended = end(busy, "let-go")

    assert [answer.status_code for answer in answers] == [200] * 5
    assert ended == 500
    assert took < 5


def test_a_server_that_stops_amid_held_calls_stops_in_time(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    with serving(tmp_path) as server:
        calls = [hold_one(Sandbox.on(server.url, "kiosk"), pool, moment)[1] for moment in STATES]
        began = time.monotonic()
    took = time.monotonic() - began

    assert took < 10
    assert wait(calls, timeout=5).not_done == set()
