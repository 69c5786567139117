"""The sandbox of a scenario, its payment, and the sentences that all of these features share."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from pytest_bdd import given, parsers, then, when

from step_defs.wording import sentence
from testkit.sandbox import Sandbox, in_the_background

PATIENCE_SECONDS = 20
MAINTENANCE = "<h1>Maintenance</h1>"


@dataclass
class Stage:
    """What a scenario knows: its sandbox, the payment in it, and the answers so far; None where none came."""

    sandbox: Sandbox
    payment: dict[str, Any] = field(default_factory=dict)
    answers: list[requests.Response | None] = field(default_factory=list)
    first: Future[requests.Response | requests.RequestException] | None = None

    def send(self, operation: str, seconds: float = 30, **headers: str) -> None:
        """Confirm, cancel or look the payment up, and remember the answer."""
        path, body = f"/v1/payments/{self.payment['paymentKey']}", None
        method = "GET" if operation == "get" else "POST"
        if operation == "confirm":
            path, body = "/v1/payments/confirm", self.payment
        if operation == "cancel":
            path, body = f"{path}/cancel", {"cancelReason": "CHANGED_MIND"}
        try:
            answer = self.sandbox.call(method, path, body, seconds=seconds, headers=headers)
        except requests.RequestException:
            self.answers.append(None)
        else:
            self.answers.append(answer)

    @property
    def answer(self) -> requests.Response:
        """Return the latest answer, which must have come."""
        assert self.answers[-1] is not None
        return self.answers[-1]

    def arm(self, operation: str, moment: str, effect: dict[str, Any], **rule: Any) -> None:
        match = {"operation": operation, **rule.pop("match", {})}
        self.sandbox.control("POST", "faults", match=match, moment=moment, effect=effect, **rule)

    def steps(self, what: str) -> list[dict[str, Any]]:
        """Return what happened to the payment under this name."""
        history = self.sandbox.control("GET", f"payments/{self.payment['paymentKey']}")
        return [step for step in history["timeline"] if step["what"] == what]


@given(parsers.parse('a sandbox on the "{contract:w}" contract'), target_fixture="stage")
def _(provider_url: str, contract: str) -> Iterator[Stage]:
    sandbox = Sandbox.on(provider_url, contract)
    yield Stage(sandbox)
    sandbox.remove()


@given("a payment that waits for its confirm")
def _(stage: Stage) -> None:
    stage.payment = stage.sandbox.begin()


@given("a payment that is approved")
def _(stage: Stage) -> None:
    stage.payment = stage.sandbox.begin()
    assert stage.sandbox.confirm(stage.payment).status_code == 200


@given(parsers.parse('the answer to the next "{operation:w}" is lost by "{loss:w}"'))
def _(stage: Stage, operation: str, loss: str) -> None:
    stage.arm(operation, "after", {"kind": loss})


@given(parsers.parse('the answer to the next "{operation:w}" lies that the payment is "{status:w}"'))
def _(stage: Stage, operation: str, status: str) -> None:
    stage.arm(operation, "after", {"kind": "alter", "set": {"status": status}})


@given(parsers.parse('the next "{operation:w}" is lost on its way'))
def _(stage: Stage, operation: str) -> None:
    stage.arm(operation, "before", {"kind": "reset"})


@given(parsers.parse('the answer to the next "confirm" comes {seconds:d} seconds late'))
def _(stage: Stage, seconds: int) -> None:
    stage.arm("confirm", "after", {"kind": "delay", "seconds": seconds})


@given(parsers.parse('every "{operation:w}" fails with {status:d} "{code:w}"'))
def _(stage: Stage, operation: str, status: int, code: str) -> None:
    stage.arm(operation, "before", {"kind": "error", "status": status, "code": code}, times="always")


@given(parsers.parse('every "confirm" of another order fails with {status:d} "{code:w}"'))
def _(stage: Stage, status: int, code: str) -> None:
    effect = {"kind": "error", "status": status, "code": code}
    stage.arm("confirm", "before", effect, times="always", match={"orderId": "another-order"})


@given(parsers.parse('"look-up" number {number:d} fails with {status:d} "{code:w}"'))
def _(stage: Stage, number: int, status: int, code: str) -> None:
    effect = {"kind": "error", "status": status, "code": code}
    stage.arm("get", "before", effect, match={"nth": number})


@given(parsers.parse('the next {times:d} "{operation:S}" calls fail with {status:d} "{code:w}"'))
def _(stage: Stage, times: int, operation: str, status: int, code: str) -> None:
    effect = {"kind": "error", "status": status, "code": code}
    stage.arm("get" if operation == "look-up" else operation, "before", effect, times=times)


@given("the provider is under maintenance")
def _(stage: Stage) -> None:
    effect = {"kind": "error", "status": 503, "body": MAINTENANCE}
    stage.sandbox.control("POST", "faults", moment="before", effect=effect, times="always")


@given("an hour of maintenance that begins in an hour")
def _(stage: Stage) -> None:
    now = datetime.fromisoformat(stage.sandbox.control("GET", "clock")["now"])
    begin = (now + timedelta(hours=1)).isoformat()
    effect = {"kind": "error", "status": 503, "code": "MAINTENANCE"}
    stage.sandbox.control(
        "POST", "faults", moment="before", effect=effect, **{"from": begin, "lasts": "PT1H"}
    )


@when("the maintenance is over")
def _(stage: Stage) -> None:
    stage.sandbox.control("DELETE", "faults")


@then("the latest answer is the page of the maintenance")
def _(stage: Stage) -> None:
    assert stage.answer.text == MAINTENANCE


@given(parsers.parse('another sandbox on the "{contract:w}" contract in which every call fails'))
def _(provider_url: str, contract: str) -> Iterator[None]:
    other = Sandbox.on(provider_url, contract)
    other.control("POST", "faults", moment="before", effect={"kind": "reset"}, times="always")
    yield
    other.remove()


@given("the merchant confirms the payment")
@when("the merchant confirms the payment")
def _(stage: Stage) -> None:
    stage.send("confirm")


@when(parsers.parse("the merchant confirms the payment and waits {seconds:d} second"))
def _(stage: Stage, seconds: int) -> None:
    stage.send("confirm", seconds)


@given(parsers.parse('the merchant confirms the payment with the idempotency key "{key}"'))
@when(parsers.parse('the merchant confirms the payment with the idempotency key "{key}"'))
def _(stage: Stage, key: str) -> None:
    stage.send("confirm", **{"Idempotency-Key": key})


@given(parsers.parse('the merchant cancels the payment with the idempotency key "{key}"'))
@when(parsers.parse('the merchant cancels the payment with the idempotency key "{key}"'))
def _(stage: Stage, key: str) -> None:
    stage.send("cancel", **{"Idempotency-Key": key})


@when("the merchant cancels the payment")
def _(stage: Stage) -> None:
    stage.send("cancel")


@when(parsers.parse("the merchant looks the payment up {times:d} times"))
def _(stage: Stage, times: int) -> None:
    for _ in range(times):
        stage.send("get")


@given(parsers.parse('a first confirm with the idempotency key "{key}" is waiting for its answer'))
def _(stage: Stage, key: str) -> Iterator[None]:
    with ThreadPoolExecutor(1) as pool:
        headers = {"Idempotency-Key": key}
        stage.first = in_the_background(pool, stage.sandbox, stage.payment, headers=headers)
        stage.sandbox.await_fired()
        yield


@when("the first confirm has its answer")
def _(stage: Stage) -> None:
    assert stage.first is not None
    assert isinstance(stage.first.result(PATIENCE_SECONDS), requests.Response)


@when(sentence('"{length:Duration}" pass at the provider'))
def _(stage: Stage, length: timedelta) -> None:
    stage.sandbox.control("POST", "clock", advance=f"PT{length.total_seconds():.0f}S")


@then("no answer comes")
def _(stage: Stage) -> None:
    assert stage.answers[-1] is None


@then(parsers.parse('the answer shows the payment as "{word:w}"'))
def _(stage: Stage, word: str) -> None:
    assert (stage.answer.status_code, stage.answer.json()["status"]) == (200, word), stage.answer.text


@then(parsers.parse('it is refused with {status:d} "{code:w}"'))
def _(stage: Stage, status: int, code: str) -> None:
    assert (stage.answer.status_code, stage.answer.json()["code"]) == (status, code), stage.answer.text


@then("the answer is the first one")
def _(stage: Stage) -> None:
    assert stage.first is not None
    first = stage.first.result(0)
    assert isinstance(first, requests.Response)
    assert stage.answer.text == first.text


@then(parsers.re(r'the answers are "(?P<statuses>[\d, and]+)"'))
def _(stage: Stage, statuses: str) -> None:
    expected = [int(status) for status in statuses.replace(" and ", ", ").split(", ")]
    assert [None if answer is None else answer.status_code for answer in stage.answers] == expected


@then(parsers.parse('the payment is "{status:w}"'))
def _(stage: Stage, status: str) -> None:
    assert_found(stage, stage.payment["paymentKey"], status)


@then(parsers.parse('the payment of the order is "{status:w}"'))
def _(stage: Stage, status: str) -> None:
    assert_found(stage, f"orders/{stage.payment['orderId']}", status)


def assert_found(stage: Stage, handle: str, status: str) -> None:
    found = stage.sandbox.call("GET", f"/v1/payments/{handle}")
    assert (found.status_code, found.json()["status"]) == (200, status)


@then("the payment was approved once")
def _(stage: Stage) -> None:
    assert len(stage.steps("APPROVAL")) == 1


@then("the payment was canceled once")
def _(stage: Stage) -> None:
    assert len(stage.steps("CANCEL")) == 1
