"""An idempotency key keeps the answer of the provider, never what a fault on the way made of it."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from testkit.inside.toss_sales import check_out
from tests.control.desk import Desk, SandboxDesk

KEYED = {"Idempotency-Key": "press-1"}
APPROVED = {"kiosk": "APPROVED", "toss": "DONE"}


@pytest.fixture(params=["kiosk", "toss"])
def sandbox(desk: Desk, request: pytest.FixtureRequest) -> SandboxDesk:
    return desk.sandbox(contract=request.param)


@pytest.fixture
def begun(sandbox: SandboxDesk) -> dict[str, Any]:
    """Have a payment that waits for its confirm; returns what the confirm sends."""
    if sandbox.made["contract"] == "toss":
        checkout = check_out(sandbox.merchant())
        return {name: checkout[name] for name in ("paymentKey", "orderId", "amount")}
    asked = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10_000}
    assert sandbox.shop().call("POST", "/v1/payments", json=asked).status_code == 200
    return asked


def confirm(sandbox: SandboxDesk, begun: dict[str, Any], **headers: str) -> TestResponse:
    return sandbox.shop().call("POST", "/v1/payments/confirm", json=begun, headers=headers)


def cancel(sandbox: SandboxDesk, begun: dict[str, Any], **headers: str) -> TestResponse:
    asked = {"cancelReason": "sold out", "cancelAmount": begun["amount"]}
    path = f"/v1/payments/{begun['paymentKey']}/cancel"
    return sandbox.shop().call("POST", path, json=asked, headers=headers)


def test_a_confirm_that_seemed_to_fail_is_answered_as_it_went_when_it_is_repeated(
    sandbox: SandboxDesk, begun: dict[str, Any]
) -> None:
    sandbox.arm("error", "after", status=502, code="BAD_GATEWAY", match={"operation": "confirm"})

    answers = [confirm(sandbox, begun, **KEYED) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [502, 200, 200]
    assert answers[1].get_json()["status"] == APPROVED[sandbox.made["contract"]]
    assert answers[1].data == answers[2].data


def test_a_cancel_that_seemed_to_fail_gives_back_once_and_is_answered_as_it_went(
    sandbox: SandboxDesk, begun: dict[str, Any]
) -> None:
    confirm(sandbox, begun)
    sandbox.arm("error", "after", status=500, code="INTERNAL", match={"operation": "cancel"})

    answers = [cancel(sandbox, begun, **KEYED) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [500, 200]
    assert answers[1].get_json()["status"] == "CANCELED"


def test_the_repeated_answer_can_be_lost_too(sandbox: SandboxDesk, begun: dict[str, Any]) -> None:
    sandbox.arm("error", "after", status=502, code="BAD_GATEWAY", match={"operation": "confirm"}, times=2)

    assert [confirm(sandbox, begun, **KEYED).status_code for _ in range(3)] == [502, 502, 200]


def test_what_fails_before_it_reaches_the_provider_is_not_kept(
    sandbox: SandboxDesk, begun: dict[str, Any]
) -> None:
    sandbox.arm("error", status=502, code="BAD_GATEWAY", match={"operation": "confirm"})

    assert [confirm(sandbox, begun, **KEYED).status_code for _ in range(2)] == [502, 200]


def test_what_the_provider_itself_refused_is_kept(sandbox: SandboxDesk, begun: dict[str, Any]) -> None:
    refused = confirm(sandbox, begun | {"amount": begun["amount"] + 1}, **KEYED)

    again = confirm(sandbox, begun, **KEYED)

    assert (again.status_code, again.data) == (refused.status_code, refused.data)
    assert refused.status_code >= 400
