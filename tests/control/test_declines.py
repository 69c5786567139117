"""Declines that a test decides, and what a reset keeps, at a real server."""

from typing import Any

import pytest

from testkit.sandbox import Sandbox


def decline(sandbox: Sandbox, begun: dict[str, Any], code: str = "REJECT_CARD_COMPANY") -> Any:
    return sandbox.control("POST", f"payments/{begun['paymentKey']}/decline", code=code)


def test_a_payment_is_declined_with_the_code_when_it_is_confirmed(sandbox: Sandbox) -> None:
    begun = sandbox.begin()

    armed = decline(sandbox, begun, "EXCEED_MAX_DAILY_PAYMENT_COUNT")
    before = sandbox.state(begun)
    answer = sandbox.confirm(begun)

    assert (armed["declineCode"], before) == ("EXCEED_MAX_DAILY_PAYMENT_COUNT", "AUTHENTICATED")
    assert (answer.status_code >= 400, answer.json()["code"]) == (True, "EXCEED_MAX_DAILY_PAYMENT_COUNT")
    assert sandbox.state(begun) == "ABORTED"


def test_a_kiosk_s_decline_is_422_and_stays_so(kiosk: Sandbox) -> None:
    begun = kiosk.begin()
    decline(kiosk, begun)

    answers = [kiosk.confirm(begun, headers={"Idempotency-Key": "press-1"}) for _ in range(2)]
    later = kiosk.confirm(begun)

    said = [(one.status_code, one.json()["code"]) for one in (*answers, later)]
    assert said == [(422, "REJECT_CARD_COMPANY")] * 3


def test_what_is_over_can_not_be_declined(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    sandbox.confirm(begun)

    answer = sandbox.ask("POST", f"payments/{begun['paymentKey']}/decline", {"code": "REJECT_CARD_COMPANY"})

    assert (answer.status_code, answer.json()["code"]) == (409, "CHECKOUT_OVER")


def test_a_payment_that_is_not_there_is_not_found(sandbox: Sandbox) -> None:
    answer = sandbox.ask("POST", "payments/nobody/decline", {"code": "REJECT_CARD_COMPANY"})

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_PAYMENT")


@pytest.mark.parametrize("body", [{}, {"code": "NO_SUCH_CODE"}, {"code": 1}])
def test_a_decline_without_a_known_code_is_refused(sandbox: Sandbox, body: dict[str, Any]) -> None:
    answer = sandbox.ask("POST", f"payments/{sandbox.begin()['paymentKey']}/decline", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["code"])


def furnish(sandbox: Sandbox) -> None:
    sandbox.control("POST", "webhooks", url="http://127.0.0.1:9/")
    sandbox.control("POST", "webhooks/rules", name="twice", copies=2)
    sandbox.control("POST", "faults", name="lost", moment="after", effect={"kind": "reset"}, skip=5)
    sandbox.control("POST", "clock", set="2030-05-05T00:00:00Z", freeze=True)
    sandbox.control("POST", "reports", lag="PT10M")


def furniture(sandbox: Sandbox) -> dict[str, bool]:
    return {
        "webhooks": bool(sandbox.control("GET", "webhooks")["webhooks"]),
        "webhookRules": bool(sandbox.control("GET", "webhooks/rules")["rules"]),
        "faults": bool(sandbox.control("GET", "faults")["faults"]),
        "clock": sandbox.control("GET", "clock")["frozen"],
        "reports": sandbox.control("GET", "reports")["lag"] != "PT0S",
    }


@pytest.mark.parametrize("kept", ["webhooks", "webhookRules", "faults", "clock", "reports"])
def test_a_reset_keeps_what_it_is_told_to_and_nothing_else(toss: Sandbox, kept: str) -> None:
    furnish(toss)
    begun = toss.begin()

    toss.control("POST", "reset", keep=[kept])

    assert furniture(toss) == {name: name == kept for name in furniture(toss)}
    assert toss.ask("POST", f"payments/{begun['paymentKey']}/settle", {}).status_code == 404


def test_webhooks_that_were_kept_are_still_told(toss: Sandbox) -> None:
    furnish(toss)
    toss.control("POST", "reset", keep=["webhooks"])

    toss.confirm(toss.begin())

    assert len(toss.control("GET", "webhooks/deliveries")["deliveries"]) == 1


def test_faults_that_were_kept_still_strike(toss: Sandbox) -> None:
    furnish(toss)
    toss.arm("error", "before", code="REJECT_CARD_COMPANY")
    toss.control("POST", "reset", keep=["faults", "clock"])

    assert toss.confirm(toss.begin()).json()["code"] == "REJECT_CARD_COMPANY"


def test_a_reset_that_would_keep_what_nobody_knows_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.ask("POST", "reset", {"keep": ["payments"]})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["keep"])
