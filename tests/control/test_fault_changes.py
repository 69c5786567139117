"""An armed fault is changed: which calls it meets, when, and what they suffer; its counts go on."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from testkit.inside.shop import PAYMENT
from tests.control.desk import Desk, SandboxDesk

pytestmark = pytest.mark.every_database

OTHER = {"paymentKey": "pay_2", "orderId": "order_2"}


@pytest.fixture
def kiosk(desk: Desk) -> SandboxDesk:
    """Lend a sandbox whose look-ups are refused, and two payments."""
    sandbox = desk.sandbox()
    sandbox.shop().create()
    sandbox.shop().create(**OTHER)
    sandbox.arm("error", name="no", status=503, match={"operation": "get"}, times="always")
    return sandbox


def statuses(*answers: TestResponse) -> list[int]:
    return [answer.status_code for answer in answers]


def shown(sandbox: SandboxDesk) -> Any:
    return sandbox.done("GET", "faults/no") | {"strikes": None}


def test_it_meets_other_calls_from_then_on(kiosk: SandboxDesk) -> None:
    shop = kiosk.shop()
    assert statuses(shop.get(), shop.confirm()) == [503, 200]

    match = {"operation": "confirm", "orderId": "order_2", "amount": PAYMENT["amount"]}
    changed = kiosk.done("PATCH", "faults/no", match=match)

    assert changed["match"] == match
    assert statuses(shop.get(), shop.confirm(), shop.confirm(**OTHER)) == [200, 200, 503]


def test_a_match_takes_the_place_of_the_whole_one(kiosk: SandboxDesk) -> None:
    assert kiosk.done("PATCH", "faults/no", match={"paymentKey": "pay_2"})["match"] == {"paymentKey": "pay_2"}
    assert kiosk.done("PATCH", "faults/no", match={})["match"] == {}


def test_it_strikes_at_the_other_moment_from_then_on(kiosk: SandboxDesk) -> None:
    kiosk.done("PATCH", "faults/no", match={"operation": "confirm"})
    assert kiosk.shop().confirm().status_code == 503
    assert kiosk.done("GET", "payments/pay_123")["state"] == "AUTHENTICATED"

    assert kiosk.done("PATCH", "faults/no", moment="after")["moment"] == "after"

    assert kiosk.shop().confirm().status_code == 503
    assert kiosk.done("GET", "payments/pay_123")["state"] == "APPROVED"


def test_it_does_something_else_from_then_on(kiosk: SandboxDesk) -> None:
    changed = kiosk.done("PATCH", "faults/no", effect={"kind": "error", "code": "NOT_FOUND"})

    assert changed["effect"] == {"kind": "error", "code": "NOT_FOUND"}
    assert kiosk.shop().get().get_json()["code"] == "NOT_FOUND"


def test_what_it_has_counted_stays(kiosk: SandboxDesk) -> None:
    kiosk.shop().get()
    kiosk.done("PATCH", "faults/no", match={"operation": "confirm"}, times=2)
    kiosk.shop().get()
    kiosk.shop().confirm()

    fault = kiosk.done("GET", "faults/no")
    assert (fault["met"], fault["fired"], len(fault["strikes"])) == (2, 2, 2)
    assert kiosk.shop().confirm(**OTHER).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"match": {"operation": "key-in"}}, "match"),
        ({"match": {"nth": 2}}, "match"),
        ({"match": None}, "match"),
        ({"moment": "later"}, "moment"),
        ({"effect": {"kind": "explode"}}, "effect"),
        ({"effect": {"kind": "error", "code": "NO_SUCH_CODE"}}, "effect"),
        ({"effect": {"kind": "delay"}}, "effect"),
        ({"effect": {"kind": "alter", "set": {"status": "X"}}}, "effect"),
        ({"effect": {"kind": "alter", "set": {"status": "X"}}, "moment": "before"}, "moment"),
        ({"times": 0}, "times"),
    ],
)
def test_a_change_that_will_not_do_changes_nothing(
    kiosk: SandboxDesk, change: dict[str, Any], field: str
) -> None:
    before = shown(kiosk)

    refused = kiosk.refused("PATCH", "faults/no", **{"on": False, "skip": 3, **change})

    assert list(refused) == [field]
    assert shown(kiosk) == before


def test_a_moment_that_its_effect_does_not_have_is_refused(kiosk: SandboxDesk) -> None:
    altered = {"moment": "after", "effect": {"kind": "alter", "set": {"status": "X"}}}
    kiosk.done("PATCH", "faults/no", **altered)

    refused = kiosk.refused("PATCH", "faults/no", moment="before")

    assert refused == {"moment": ["The kind alter strikes after the change, not before it."]}


def test_of_changes_at_once_none_is_lost(kiosk: SandboxDesk) -> None:
    changes: list[dict[str, Any]] = [
        {"on": False},
        {"times": 7},
        {"skip": 2},
        {"moment": "after"},
        {"match": {"operation": "confirm"}},
        {"effect": {"kind": "reset"}},
    ]
    with ThreadPoolExecutor(len(changes)) as pool:
        list(pool.map(lambda change: kiosk.done("PATCH", "faults/no", **change), changes))

    fault = kiosk.done("GET", "faults/no")
    assert {name: fault[name] for change in changes for name in change} == {
        name: value for change in changes for name, value in change.items()
    }
