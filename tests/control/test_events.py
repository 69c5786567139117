"""What happened, told as thin events, at a real server."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from testkit.processes import running_server
from testkit.receiver import Receiver
from testkit.sandbox import Sandbox, send


@pytest.fixture(scope="module", params=["1", "3"], ids=["one-worker", "three-workers"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--workers", request.param]
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


def asked(url: str, **query: object) -> requests.Response:
    return send("GET", f"{url}/control/events", params=query)


def events(sandbox: Sandbox, after: str, **query: object) -> Any:
    answer = asked(sandbox.url, sandbox=sandbox.made["id"], after=after, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_events(sandbox: Sandbox, after: str, calls: int, **query: object) -> list[dict[str, Any]]:
    """Read on until there are this many calls, as journals are written a moment later."""
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + 20
    while sum(one["kind"] == "call" for one in found) < calls:
        assert time.monotonic() < deadline, found
        news = events(sandbox, after, wait=5, **query)
        found += news["events"]
        after = news["seq"]
    return found


def now(sandbox: Sandbox) -> str:
    answer = asked(sandbox.url, sandbox=sandbox.made["id"]).json()
    assert answer["events"] == []
    return str(answer["seq"])


def test_a_confirm_is_told_as_what_it_was(kiosk: Sandbox) -> None:
    start = now(kiosk)
    begun = kiosk.begin()
    kiosk.confirm(begun)

    found = all_events(kiosk, start, calls=2)

    assert sorted(one["kind"] for one in found) == ["call", "call", "movement", "payment"]
    about = {(one["sandbox"], one["orderId"], one["paymentKey"]) for one in found}
    assert about == {(kiosk.made["id"], begun["orderId"], begun["paymentKey"])}
    journal = kiosk.control("GET", "journal")["entries"]
    assert {one["id"] for one in found if one["kind"] == "call"} == {entry["id"] for entry in journal}


def test_reading_on_from_any_event_misses_nothing_and_repeats_nothing(kiosk: Sandbox) -> None:
    for _ in range(3):
        kiosk.confirm(kiosk.begin())
    whole = all_events(kiosk, "0", calls=6)

    by_ones = all_events(kiosk, "0", calls=6, limit=1)
    behind = events(kiosk, whole[4]["seq"])["events"]

    told = [(one["kind"], one["id"]) for one in whole]
    assert sorted((one["kind"], one["id"]) for one in by_ones) == sorted(told)
    assert sorted((one["kind"], one["id"]) for one in behind) == sorted(told[5:])


def test_what_happens_wakes_who_waits(kiosk: Sandbox) -> None:
    start = now(kiosk)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(events, kiosk, start, wait=20)
        time.sleep(0.3)
        began = time.monotonic()
        kiosk.begin()
        news = waiting.result()

    assert news["events"] != []
    assert time.monotonic() - began < 5


def test_a_wait_for_nothing_ends_where_it_began(kiosk: Sandbox) -> None:
    start = now(kiosk)
    began = time.monotonic()

    news = events(kiosk, start, wait=0.5)

    assert news == {"seq": start, "events": []}
    assert 0.5 <= time.monotonic() - began < 10


def test_webhooks_and_attempts_are_told(toss: Sandbox) -> None:
    receiver = Receiver()
    toss.control("POST", "webhooks", url=receiver.url)
    start = now(toss)
    begun = toss.begin()
    toss.confirm(begun)
    receiver.wait_for(1)
    toss.control("GET", f"webhooks/quiet?wait=20&orderId={begun['orderId']}")

    found = all_events(toss, start, calls=1)
    receiver.stop()

    [delivery] = toss.control("GET", "webhooks/deliveries")["deliveries"]
    told = {one["kind"]: one["id"] for one in found if one["kind"] in ("webhook", "attempt")}
    assert told == {"webhook": delivery["id"], "attempt": delivery["id"]}


def test_another_sandbox_is_another_matter(kiosk: Sandbox, toss: Sandbox) -> None:
    start = now(toss)
    kiosk.confirm(kiosk.begin())
    kiosk.control("GET", "journal?count=2&wait=5")

    assert events(toss, start)["events"] == []
    both = asked(kiosk.url, sandbox=f"{kiosk.made['id']},{toss.made['id']}", after="0").json()["events"]
    assert {one["sandbox"] for one in both} == {kiosk.made["id"]}


def test_a_reset_is_told_and_what_comes_behind_it_too(kiosk: Sandbox) -> None:
    kiosk.confirm(kiosk.begin())
    before = all_events(kiosk, "0", calls=2)[-1]["seq"]
    kiosk.control("POST", "reset")

    forgotten = events(kiosk, before)
    kiosk.begin()
    found = all_events(kiosk, forgotten["seq"], calls=1)

    assert [one["kind"] for one in forgotten["events"]] == ["forgotten"]
    assert sorted(one["kind"] for one in found) == ["call", "payment"]


def test_many_who_confirm_at_once_are_all_told(kiosk: Sandbox) -> None:
    start = now(kiosk)
    begun = [kiosk.begin() for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        told = pool.submit(all_events, kiosk, start, 40)
        statuses = [answer.status_code for answer in pool.map(kiosk.confirm, begun)]

    assert statuses == [200] * 20
    found = told.result()
    assert len({one["id"] for one in found if one["kind"] == "call"}) == 40
    assert len({one["orderId"] for one in found if one["kind"] == "movement"}) == 20


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "yesterday"}, "after"),
        ({"after": "1-2"}, "after"),
        ({"wait": "61"}, "wait"),
        ({"limit": "0"}, "limit"),
        ({"since": "0"}, "since"),
    ],
)
def test_a_query_that_can_not_be_is_refused_by_its_field(url: str, query: dict[str, str], field: str) -> None:
    answer = asked(url, **query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_sandbox_that_is_not_there_is_not_found(url: str) -> None:
    answer = asked(url, sandbox="nobody")

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_SANDBOX")
