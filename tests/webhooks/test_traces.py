"""A trace goes on: a call with a `traceparent` is found by it, and so are the webhooks that come of it."""

from collections.abc import Callable
from typing import Any

import pytest

from payments_mock.api.wire import CallRecord
from payments_mock.domain.values import Reader
from testkit.inside.toss_sales import check_out
from testkit.receiver import Receiver
from tests.control.desk import SandboxDesk

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
OTHER = f"00-{TRACE[::-1]}-00f067aa0ba902b7-01"


def confirm(sandbox: SandboxDesk, *traceparents: str) -> None:
    """Pay once, with these headers `traceparent` of the confirm, as a server joins them."""
    merchant = sandbox.merchant()
    checkout = check_out(merchant)
    body = {name: checkout[name] for name in ("paymentKey", "orderId", "amount")}
    headers = {"traceparent": ",".join(traceparents)} if traceparents else {}
    answer = merchant.call("POST", "/v1/payments/confirm", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


def found(sandbox: SandboxDesk, query: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = sandbox.done("GET", f"journal{query}")["entries"]
    return listed


def test_a_call_is_found_by_the_trace_that_it_is_a_part_of(sandbox: SandboxDesk) -> None:
    confirm(sandbox, TRACEPARENT)
    confirm(sandbox, OTHER)
    confirm(sandbox)

    [entry] = found(sandbox, f"?traceId={TRACE}")

    assert (entry["operation"], entry["traceId"]) == ("confirm", TRACE)
    assert entry["request"]["headers"]["Traceparent"] == TRACEPARENT
    assert sandbox.done("GET", f"journal/count?traceId={TRACE}") == {"count": 1}
    assert [one["traceId"] for one in found(sandbox, "?operation=confirm")] == [TRACE, TRACE[::-1], None]


def test_a_call_of_a_trace_can_be_asserted_and_a_miss_says_what_was_there(sandbox: SandboxDesk) -> None:
    confirm(sandbox, OTHER)

    missed = sandbox.call("POST", "journal/verify", json={"match": {"traceId": TRACE}}).get_json()

    assert missed["message"] == f"expected at least 1 with traceId {TRACE}; found 0"
    assert missed["nearest"][0]["differs"]["traceId"] == {"expected": TRACE, "was": TRACE[::-1]}


@pytest.mark.parametrize("trace", ["4bf9", TRACE.upper(), f"{TRACE}0", TRACEPARENT])
def test_what_is_no_trace_is_refused_by_its_field(sandbox: SandboxDesk, trace: str) -> None:
    refused = sandbox.call("GET", f"journal?traceId={trace}").get_json()

    assert set(refused["errors"]["traceId"]) == {"Must be 32 digits of 0-9 and a-f."}


def test_a_webhook_says_which_trace_its_call_was_a_part_of(sandbox: SandboxDesk, receiver: Receiver) -> None:
    confirm(sandbox, TRACEPARENT)

    assert receiver.wait_for(1)[0].headers["traceparent"] == TRACEPARENT


def test_so_do_its_retries(sandbox: SandboxDesk, receive: Callable[..., Receiver]) -> None:
    receiver = receive(500, 200)
    sandbox.done("POST", "webhooks", url=receiver.url)
    confirm(sandbox, TRACEPARENT)
    receiver.wait_for(1)

    sandbox.done("POST", "clock", advance="PT2M")

    assert [one.headers["traceparent"] for one in receiver.wait_for(2)] == [TRACEPARENT] * 2


def test_a_webhook_of_a_call_without_a_trace_has_none(sandbox: SandboxDesk, receiver: Receiver) -> None:
    confirm(sandbox)

    assert "traceparent" not in receiver.wait_for(1)[0].headers


@pytest.mark.parametrize(
    "traceparent",
    [
        "nonsense",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-00f067aa0ba902b7-01-{'x' * 200}",
        TRACEPARENT.upper(),
    ],
)
def test_what_is_no_traceparent_is_not_sent_on(
    sandbox: SandboxDesk, receiver: Receiver, traceparent: str
) -> None:
    confirm(sandbox, traceparent)

    assert "traceparent" not in receiver.wait_for(1)[0].headers
    [entry] = found(sandbox, "?operation=confirm")
    assert (entry["traceId"], entry["request"]["headers"]["Traceparent"]) == (None, traceparent)


def test_of_two_traceparents_none_counts(sandbox: SandboxDesk, receiver: Receiver) -> None:
    confirm(sandbox, TRACEPARENT, OTHER)

    assert "traceparent" not in receiver.wait_for(1)[0].headers


def test_a_call_that_begins_anew_keeps_its_trace() -> None:
    record = CallRecord(0.0, None, Reader("ko", "http://localhost"))
    record.webhooks.traceparent = TRACEPARENT

    record.begin_anew()

    assert record.webhooks.traceparent == TRACEPARENT
