"""Rules of faults: how they are named, listed and removed."""

import pytest

from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def kiosk(desk: Desk) -> SandboxDesk:
    return desk.sandbox()


def test_a_rule_is_listed_with_its_time(kiosk: SandboxDesk) -> None:
    kiosk.done("POST", "clock", freeze=True, set="2030-01-01T00:00:00Z")

    armed = kiosk.arm("error", code="NOT_FOUND", **{"from": "2030-01-01T10:00:00+09:00", "lasts": "P1D"})

    assert armed["from"] == "2030-01-01T01:00:00.000Z"
    assert armed["until"] == "2030-01-02T01:00:00.000Z"
    assert armed["times"] == "always"


def test_rules_are_listed_with_how_often_each_met_and_fired(kiosk: SandboxDesk) -> None:
    kiosk.arm("error", code="NOT_FOUND", name="first", match={"operation": "create"})
    for _ in range(3):
        kiosk.shop().create()

    [listed] = kiosk.done("GET", "faults")["faults"]

    assert listed == {
        "name": "first",
        "match": {"operation": "create"},
        "moment": "before",
        "effect": {"kind": "error", "code": "NOT_FOUND"},
        "times": 1,
        "skip": 0,
        "on": True,
        "met": 3,
        "fired": 1,
    }
    shown = kiosk.done("GET", "faults/first")
    assert [strike["orderId"] for strike in shown.pop("strikes")] == ["order_123"]
    assert shown == listed


def test_a_name_is_made_for_a_rule_that_has_none(kiosk: SandboxDesk) -> None:
    name = kiosk.arm("error", code="NOT_FOUND")["name"]

    assert kiosk.done("GET", f"faults/{name}")["name"] == name


def test_two_rules_need_two_names(kiosk: SandboxDesk) -> None:
    rule = {"name": "one", "moment": "before", "effect": {"kind": "hang"}}
    kiosk.done("POST", "faults", **rule)

    answer = kiosk.call("POST", "faults", json=rule)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "FAULT_TAKEN")


def test_a_removed_rule_strikes_no_more(kiosk: SandboxDesk) -> None:
    name = kiosk.arm("error", code="NOT_FOUND", times="always")["name"]

    assert kiosk.done("DELETE", f"faults/{name}") == {"removed": 1}

    assert kiosk.shop().create().status_code == 200
    assert kiosk.call("DELETE", f"faults/{name}").get_json()["code"] == "NOT_FOUND_FAULT"


def test_all_rules_are_removed_at_once(kiosk: SandboxDesk) -> None:
    for _ in range(2):
        kiosk.arm("error", code="NOT_FOUND", times="always")

    assert kiosk.done("DELETE", "faults") == {"removed": 2}
    assert kiosk.done("GET", "faults") == {"faults": []}
