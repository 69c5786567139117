"""What faults do on the wire, seen by a real client at the server that users start."""

import select
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests

from testkit.processes import running_server
from testkit.sandbox import Sandbox, in_the_background

pytestmark = pytest.mark.a_few(12)

APPROVED = {"kiosk": "APPROVED", "toss": "DONE"}


@pytest.mark.parametrize(
    ("moment", "state"), [("before", "AUTHENTICATED"), ("after", "APPROVED")], ids=["before", "after"]
)
@pytest.mark.parametrize("kind", ["reset", "empty"])
def test_an_answer_that_never_comes(sandbox: Sandbox, kind: str, moment: str, state: str) -> None:
    begun = sandbox.begin()
    sandbox.arm(kind, moment)

    with pytest.raises(requests.ConnectionError):
        sandbox.confirm(begun)

    assert sandbox.state(begun) == state


def test_a_reset_is_seen_as_one(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    sandbox.arm("reset", "after")

    with pytest.raises(requests.ConnectionError, match="reset"):
        sandbox.confirm(begun)


def test_a_truncated_answer_ends_too_early(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    sandbox.arm("truncate", "after")

    with pytest.raises(
        (requests.ConnectionError, requests.exceptions.ChunkedEncodingError), match="Incomplete"
    ):
        sandbox.confirm(begun)

    assert sandbox.state(begun) == "APPROVED"


def test_a_malformed_answer_has_its_length_and_is_no_json(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    sandbox.arm("malformed", "after")

    answer = sandbox.confirm(begun)

    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert sandbox.state(begun) == "APPROVED"


def test_a_dripping_answer_comes_whole_in_the_end(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    sandbox.arm("drip", "after", seconds=1)
    began = time.monotonic()

    answer = sandbox.confirm(begun)

    assert time.monotonic() - began >= 0.9
    assert answer.json()["status"] in APPROVED.values()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_delayed_answer_comes_late(sandbox: Sandbox, moment: str) -> None:
    begun = sandbox.begin()
    sandbox.arm("delay", moment, seconds=0.7)
    began = time.monotonic()

    answer = sandbox.confirm(begun)

    assert time.monotonic() - began >= 0.7
    assert answer.status_code == 200


@pytest.mark.parametrize(("moment", "state"), [("before", "AUTHENTICATED"), ("after", "APPROVED")])
def test_while_an_answer_is_delayed_the_state_is_that_of_the_moment(
    sandbox: Sandbox, moment: str, state: str
) -> None:
    begun = sandbox.begin()
    sandbox.arm("delay", moment, seconds=3)

    with ThreadPoolExecutor(1) as pool:
        answer = in_the_background(pool, sandbox, begun)
        sandbox.await_fired()
        seen = sandbox.state(begun)

    assert (seen, answer.result().status_code) == (state, 200)


@pytest.mark.parametrize(("moment", "state"), [("before", "AUTHENTICATED"), ("after", "APPROVED")])
def test_a_hanging_answer_lasts_until_the_client_gives_up(sandbox: Sandbox, moment: str, state: str) -> None:
    begun = sandbox.begin()
    sandbox.arm("hang", moment)

    with pytest.raises(requests.ReadTimeout):
        sandbox.confirm(begun, seconds=1)

    assert sandbox.state(begun) == state
    if moment == "before":
        assert sandbox.confirm(begun).status_code == 200


def test_delays_of_a_seeded_range_are_the_same_in_every_run(sandbox: Sandbox) -> None:
    seconds = []
    for _ in range(2):
        sandbox.control("DELETE", "faults")
        begun = sandbox.begin()
        sandbox.arm("delay", "before", between=[0.2, 1.2], seed="seven")
        began = time.monotonic()
        sandbox.confirm(begun)
        seconds.append(time.monotonic() - began)

    assert seconds[0] == pytest.approx(seconds[1], abs=0.3)


def test_a_hundred_hung_calls_do_not_keep_others_waiting(url: str) -> None:
    hung, calm = Sandbox.on(url, "kiosk"), Sandbox.on(url, "toss")
    hung.control("POST", "faults", moment="before", effect={"kind": "hang"}, times="always")

    with ExitStack() as stack:
        calls = [stack.enter_context(hung.call_unread("/v1/payments/nobody")) for _ in range(100)]
        await_met(hung, 100)
        began = time.monotonic()
        answers = [calm.confirm(calm.begin()) for _ in range(5)]
        took = time.monotonic() - began
        answered, _, _ = select.select(calls, [], [], 0)

    assert [answer.status_code for answer in answers] == [200] * 5
    assert answered == []
    assert took < 10


def test_a_server_that_stops_amid_held_calls_stops_in_time_and_quietly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with ThreadPoolExecutor(4) as pool:
        with running_server(command, tmp_path) as server:
            sandboxes = [Sandbox.on(server.url, "kiosk") for _ in range(4)]
            held = [("hang", "before", {}), ("hang", "after", {})]
            held += [("delay", moment, {"seconds": 100}) for moment in ("before", "after")]
            calls = []
            for sandbox, (kind, moment, effect) in zip(sandboxes, held, strict=True):
                begun = sandbox.begin()
                sandbox.arm(kind, moment, **effect)
                calls.append(in_the_background(pool, sandbox, begun))
                sandbox.await_fired()
            began = time.monotonic()
        took = time.monotonic() - began

    assert took < 10
    assert all(call.done() for call in calls)


def await_met(sandbox: Sandbox, calls: int) -> None:
    deadline = time.monotonic() + 25
    while sandbox.control("GET", "faults")["faults"][0]["met"] < calls:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_twin_of_a_delayed_confirm_is_told_that_the_first_is_in_progress(sandbox: Sandbox) -> None:
    begun, keyed = sandbox.begin(), {"headers": {"Idempotency-Key": "press-1"}}
    sandbox.arm("delay", "after", seconds=4)

    with ThreadPoolExecutor(1) as pool:
        first = in_the_background(pool, sandbox, begun, **keyed)
        sandbox.await_fired()
        twin = sandbox.confirm(begun, **keyed)
    later = sandbox.confirm(begun, **keyed)

    assert (twin.status_code, twin.json()["code"]) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    assert first.result().status_code == 200
    assert later.text == first.result().text


def test_after_a_read_time_out_the_same_key_gets_the_first_answer(sandbox: Sandbox) -> None:
    begun, keyed = sandbox.begin(), {"headers": {"Idempotency-Key": "press-1"}}
    sandbox.arm("delay", "after", seconds=2)
    with pytest.raises(requests.ReadTimeout):
        sandbox.confirm(begun, seconds=0.5, **keyed)

    time.sleep(2.5)
    answer = sandbox.confirm(begun, **keyed)

    assert (answer.status_code, answer.json()["status"]) == (200, APPROVED[sandbox.made["contract"]])


def test_a_long_poll_of_the_journal_does_not_keep_others_waiting(kiosk: Sandbox) -> None:
    with ThreadPoolExecutor(1) as pool:
        polled = pool.submit(kiosk.ask, "GET", "journal?operation=confirm&wait=20")
        time.sleep(0.3)
        kiosk.confirm(kiosk.begin())

    assert [entry["status"] for entry in polled.result().json()["entries"]] == [200]


def test_several_workers_share_faults_and_journal_and_forget_together(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--workers", "2"]
    with running_server(command, tmp_path) as server:
        sandbox = Sandbox.on(server.url, "kiosk")
        sandbox.control(
            "POST", "faults", moment="before", times=3, effect={"kind": "error", "code": "NOT_FOUND"}
        )

        statuses = [sandbox.call("GET", "/v1/payments/nobody").json()["code"] for _ in range(6)]
        journal = sandbox.control("GET", "journal")["entries"]
        [fault] = sandbox.control("GET", "faults")["faults"]
        for _ in range(6):
            sandbox.call("GET", "/v1/payments/nobody")
        sandbox.control("POST", "reset")
        forgotten = sandbox.control("GET", "journal")

    assert forgotten == {"entries": []}
    assert len(statuses) == len(journal) == fault["met"] == 6
    assert fault["fired"] == 3


@pytest.mark.parametrize(
    ("kind", "effect", "sent"),
    [
        ("reset", {}, "nothing"),
        ("empty", {}, "nothing"),
        ("hang", {}, "nothing"),
        ("truncate", {}, "half"),
        ("malformed", {}, "garbage"),
        ("drip", {"seconds": 0.01}, "answer"),
        ("delay", {"seconds": 0.01}, "answer"),
    ],
)
def test_the_journal_tells_what_a_fault_let_through(
    sandbox: Sandbox, kind: str, effect: dict[str, float], sent: str
) -> None:
    begun = sandbox.begin()
    sandbox.arm(kind, "after", **effect)

    with suppress(requests.RequestException):
        sandbox.confirm(begun, seconds=0.5)

    [entry] = sandbox.control("GET", "journal?operation=confirm&wait=5")["entries"]
    assert (entry["fault"], entry["sent"], entry["reason"]) == (kind, sent, None)


def test_the_entry_of_a_refusal_tells_what_struck_what_was_sent_the_order_and_the_reason(
    sandbox: Sandbox,
) -> None:
    begun = sandbox.begin()
    sandbox.arm("delay", "before", seconds=0.01)

    for amount in (14_998, 14_999):
        sandbox.confirm(begun | {"amount": amount})

    entries = sandbox.control("GET", "journal?operation=confirm&wait=5")["entries"]
    assert [(entry["fault"], entry["sent"]) for entry in entries] == [("delay", "answer"), (None, "answer")]
    assert {entry["orderId"] for entry in entries} == {begun["orderId"]}
    assert entries[1]["reason"]["message"] == "amount is 10000, not 14999"
