"""Faults: which calls they meet, and what those suffer."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from testkit.inside.toss_sales import check_out, confirm
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture(params=["kiosk", "toss"])
def sandbox(desk: Desk, request: pytest.FixtureRequest) -> SandboxDesk:
    return desk.sandbox(contract=request.param)


@pytest.fixture
def kiosk(desk: Desk) -> SandboxDesk:
    return desk.sandbox()


def code_of(answer: TestResponse) -> str:
    code: str = answer.get_json()["code"]
    return code


def test_an_error_before_changes_nothing(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", code="NOT_FOUND", match={"operation": "confirm"})

    assert code_of(kiosk.shop().pay()) == "NOT_FOUND"
    assert kiosk.shop().get().get_json()["status"] == "INITIATED"


def test_an_error_after_hides_what_was_committed(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", "after", code="INTERNAL_ERROR", match={"operation": "confirm"})

    assert kiosk.shop().pay().status_code == 500
    assert kiosk.shop().get().get_json()["status"] == "APPROVED"


def test_both_moments_work_on_the_toss_contract_alike(desk: Desk) -> None:
    sandbox = desk.sandbox(contract="toss")
    merchant = sandbox.merchant()
    begun = check_out(merchant)
    sandbox.arm("error", code="REJECT_CARD_COMPANY", match={"operation": "confirm"})
    sandbox.arm("error", "after", code="UNKNOWN_PAYMENT_ERROR", match={"operation": "confirm"})

    assert code_of(confirm(merchant, begun)) == "REJECT_CARD_COMPANY"
    assert code_of(confirm(merchant, begun)) == "UNKNOWN_PAYMENT_ERROR"
    assert merchant.get(begun["paymentKey"]).get_json()["status"] == "DONE"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [("<h1>Maintenance</h1>", "text/html"), ("Bad Gateway", "text/plain"), ('{"a": 1}', "application/json")],
)
def test_a_body_of_ones_own_is_sent_as_what_it_is(kiosk: SandboxDesk, body: str, media_type: str) -> None:
    kiosk.arm("error", status=503, body=body)
    answer = kiosk.shop().call("GET", "/v1/payments/pay_1")
    assert answer.headers["Content-Type"].split(";")[0] == media_type


def test_a_status_and_a_body_of_ones_own(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", status=503, body="<html>maintenance</html>")

    answer = kiosk.shop().get()

    assert (answer.status_code, answer.text) == (503, "<html>maintenance</html>")


def test_a_fault_strikes_once_unless_said_otherwise(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", code="NOT_FOUND")

    assert [kiosk.shop().create().status_code for _ in range(3)] == [404, 200, 200]


@pytest.mark.parametrize(
    ("rule", "statuses"),
    [
        ({"times": 2}, [404, 404, 200, 200]),
        ({"times": 2, "skip": 1}, [200, 404, 404, 200]),
        ({"times": "always"}, [404, 404, 404, 404]),
        ({"skip": 2, "times": "always"}, [200, 200, 404, 404]),
        ({"match": {"nth": 3}}, [200, 200, 404, 200]),
    ],
)
def test_it_strikes_as_often_as_the_rule_says(
    kiosk: SandboxDesk, rule: dict[str, Any], statuses: list[int]
) -> None:
    kiosk.arm("error", code="NOT_FOUND", **rule)

    assert [kiosk.shop().create().status_code for _ in range(4)] == statuses


@pytest.mark.parametrize(
    ("match", "is_met"),
    [
        ({"operation": "create"}, True),
        ({"operation": "confirm"}, False),
        ({"paymentKey": "pay_123"}, True),
        ({"paymentKey": "pay_124"}, False),
        ({"orderId": "order_123"}, True),
        ({"orderId": "order_124"}, False),
        ({"amount": 10000}, True),
        ({"amount": 9999}, False),
        ({"headers": {"x-terminal": "7"}}, True),
        ({"headers": {"X-Terminal": "8"}}, False),
        ({"operation": "create", "amount": 9999}, False),
    ],
)
def test_it_meets_the_calls_that_agree_in_all_that_is_named(
    kiosk: SandboxDesk, match: dict[str, Any], is_met: bool
) -> None:
    kiosk.arm("error", code="NOT_FOUND", match=match)
    body = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}

    answer = kiosk.shop().call("POST", "/v1/payments", json=body, headers={"X-Terminal": "7"})

    assert answer.status_code == (404 if is_met else 200)


@pytest.mark.parametrize(
    ("match", "body"),
    [
        ({"orderId": "71123456"}, {"orderId": 71123456}),
        ({"paymentKey": "71123456"}, {"paymentKey": 71123456}),
        ({"amount": 15000}, {"amount": "15000"}),
        ({"amount": 15000}, {"amount": " +15000 "}),
        ({"amount": 15000}, {"amount": 15000.0}),
        ({"amount": 3000}, {"amount": None, "cancelAmount": "3000"}),
    ],
)
def test_it_meets_a_call_whose_numbers_are_text_and_whose_text_is_numbers(
    desk: Desk, match: dict[str, Any], body: dict[str, Any]
) -> None:
    toss = desk.sandbox(contract="toss")
    toss.arm("error", code="PROVIDER_ERROR", match=match)

    answer = toss.merchant().post("/v1/payments/confirm", body)

    assert answer.get_json()["code"] == "PROVIDER_ERROR"
    [entry] = toss.done("GET", "journal")["entries"]
    assert [entry[name] for name in match] == list(match.values())


@pytest.mark.parametrize(
    ("period", "statuses"),
    [
        ({"from": "2030-01-01T00:00:01Z", "until": "2030-01-01T00:00:03Z"}, [200, 404, 404, 200]),
        ({"from": "2030-01-01T09:00:02+09:00"}, [200, 200, 404, 404]),
        ({"until": "2030-01-01T00:00:01Z"}, [404, 200, 200, 200]),
        ({"lasts": "PT2S"}, [404, 404, 200, 200]),
        ({"from": "2030-01-01T00:00:02Z", "lasts": "PT1S"}, [200, 200, 404, 200]),
        ({"from": "2030-01-01T00:00:01Z", "times": 1}, [200, 404, 200, 200]),
        ({"from": "2030-01-01T00:00:01Z", "match": {"nth": 2}}, [200, 200, 404, 200]),
    ],
)
def test_it_strikes_in_its_time_by_the_clock_of_the_sandbox(
    kiosk: SandboxDesk, period: dict[str, Any], statuses: list[int]
) -> None:
    kiosk.done("POST", "clock", freeze=True, set="2030-01-01T00:00:00Z")
    kiosk.arm("error", code="NOT_FOUND", **period)
    answers = []

    for _ in range(4):
        answers.append(kiosk.shop().create().status_code)
        kiosk.done("POST", "clock", advance="PT1S")

    assert answers == statuses


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("fields", "field", "hint"),
    [
        ({"moment": None}, "moment", "null"),
        ({"moment": "during"}, "moment", "before, after"),
        ({"effect": {"kind": "explode"}}, "effect.kind", "error, delay"),
        ({"effect": {}}, "effect.kind", "Missing"),
        ({"effect": {"kind": "error"}}, "effect.code", "code"),
        ({"effect": {"kind": "error", "code": "NOT_FOUNT"}}, "effect.code", "NOT_FOUND"),
        ({"effect": {"kind": "error", "status": 200}}, "effect.status", "400"),
        ({"effect": {"kind": "delay"}}, "effect.seconds", "between"),
        ({"effect": {"kind": "delay", "seconds": -1}}, "effect.seconds", "0"),
        ({"effect": {"kind": "delay", "seconds": 1, "code": "X"}}, "effect.code", "seconds"),
        ({"effect": {"kind": "delay", "between": [1, 2]}}, "effect.seed", "seed"),
        ({"effect": {"kind": "delay", "between": [2, 1], "seed": "a"}}, "effect.between", "first"),
        ({"effect": {"kind": "reset", "seconds": 1}}, "effect.seconds", "none"),
        ({"effect": {"kind": "delay", "secnds": 1}}, "effect.secnds", "did you mean seconds?"),
        ({"match": {"operation": "confrim"}}, "match.operation", "did you mean confirm?"),
        ({"match": {"amout": 1}}, "match.amout", "did you mean amount?"),
        ({"match": {"nth": 0}}, "match.nth", "1"),
        ({"match": {"nth": 1}, "times": 2}, "match", "times"),
        ({"times": 0}, "times", "always"),
        ({"times": "often"}, "times", "always"),
        ({"skip": -1}, "skip", "0"),
        ({"from": "tomorrow"}, "from", "datetime"),
        ({"until": "2001-01-01T00:00:00Z"}, "until", "later"),
        ({"from": "2990-01-02T00:00:00Z", "until": "2990-01-02T00:00:00Z"}, "until", "later than from"),
        ({"until": "2990-01-02T00:00:00Z", "lasts": "PT1H"}, "lasts", "either"),
        ({"lasts": "an hour"}, "lasts", "PT10M"),
        ({"lasts": "P999Y"}, "lasts", "2999"),
        ({"name": "a/b"}, "name", "A-Z"),
        ({"nmae": "a"}, "nmae", "did you mean name?"),
    ],
)
def test_what_will_not_do_is_refused_with_what_would(
    sandbox: SandboxDesk, fields: dict[str, Any], field: str, hint: str
) -> None:
    good = {"moment": "before", "effect": {"kind": "hang"}}

    answer = sandbox.call("POST", "faults", json=good | fields)

    assert answer.status_code == 400
    assert f"{field}: " in answer.get_json()["message"]
    assert hint in answer.get_json()["message"]


def test_a_strange_code_comes_with_its_status(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", code="OUT_OF_COFFEE", status=418)

    answer = kiosk.shop().get()

    assert (answer.status_code, code_of(answer)) == (418, "OUT_OF_COFFEE")


def test_a_call_that_no_fault_meets_waits_for_nobody_who_writes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = desk.sandbox()
    fault = {"match": {"operation": "cancel"}, "moment": "before", "effect": {"kind": "reset"}}
    sandbox.done("POST", "faults", **fault)

    monkeypatch.delattr("payments_mock.services.faults._count")

    assert sandbox.shop().pay().status_code == 200


def test_a_fault_names_the_calls_that_it_struck_the_newest_first(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", name="no", code="NOT_FOUND", match={"operation": "create"}, times=2)
    assert kiosk.done("GET", "faults/no")["strikes"] == []
    for number in range(3):
        kiosk.shop().create(orderId=f"order_00{number}", paymentKey=f"pay_00{number}")

    strikes = kiosk.done("GET", "faults/no")["strikes"]

    assert [strike["orderId"] for strike in strikes] == ["order_001", "order_000"]
    entry = kiosk.done("GET", f"journal/{strikes[0]['entry']}")
    assert (entry["at"], entry["faults"]) == (strikes[0]["at"], ["no"])


def test_a_fault_that_is_switched_off_counts_nothing_until_it_is_on_again(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", name="no", code="NOT_FOUND", match={"operation": "create"}, times="always")
    assert code_of(kiosk.shop().create()) == "NOT_FOUND"

    assert kiosk.done("PATCH", "faults/no", on=False)["on"] is False
    assert kiosk.shop().create().status_code == 200
    assert kiosk.done("GET", "faults/no")["met"] == 1

    kiosk.done("PATCH", "faults/no", on=True)
    assert code_of(kiosk.shop().create()) == "NOT_FOUND"


def test_a_fault_is_changed_and_keeps_what_it_has_counted(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", name="no", code="NOT_FOUND", match={"operation": "create"})
    kiosk.shop().create()

    changed = kiosk.done("PATCH", "faults/no", times=2)

    assert (changed["times"], changed["met"], changed["fired"]) == (2, 1, 1)
    assert [kiosk.shop().create().status_code for _ in range(2)] == [404, 200]
    assert kiosk.done("PATCH", "faults/no", times="always")["times"] == "always"


def test_a_change_of_nothing_or_of_no_fault_is_refused(kiosk: SandboxDesk) -> None:
    assert kiosk.call("PATCH", "faults/no", json={"on": True}).status_code == 404
    kiosk.arm("reset", name="no")
    answer = kiosk.call("PATCH", "faults/no", json={})
    assert (answer.status_code, list(answer.get_json()["errors"])) == (400, ["on"])
