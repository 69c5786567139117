"""Switches of a sandbox: what the real provider may do, and a test turns on to see who bears it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from payments_mock.control.schemas import SandboxSwitches
from payments_mock.domain.sandboxes import Switch
from payments_mock.settings import MerchantSettings
from testkit.inside.clock import MovableClock
from testkit.inside.toss_sales import check_out, pay
from testkit.inside.toss_stage import staged_app
from testkit.receiver import Receiver
from tests.control.desk import Desk, SandboxDesk

pytestmark = pytest.mark.every_database

PERIOD = {"startDate": "2024-01-01", "endDate": "2024-12-31"}
ALL_OFF = {switch.value: False for switch in Switch}


@pytest.fixture
def sandbox(desk: Desk) -> SandboxDesk:
    return desk.sandbox(contract="toss")


@pytest.fixture
def receiver(sandbox: SandboxDesk) -> Iterator[Receiver]:
    started = Receiver()
    sandbox.done("POST", "webhooks", url=started.url)
    yield started
    started.stop()


def test_all_are_off_at_first(desk: Desk) -> None:
    sandbox = desk.sandbox()

    assert sandbox.made["switches"] == ALL_OFF
    assert sandbox.done("GET", "switches") == ALL_OFF


def test_the_control_api_describes_each_of_them() -> None:
    assert list(SandboxSwitches().fields) == list(Switch)
    assert all(field.metadata["description"] for field in SandboxSwitches().fields.values())


def test_one_is_turned_and_the_others_stay(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "switches", unknownFields=True, unknownEvents=True)

    turned = sandbox.done("POST", "switches", unknownEvents=False, crossRejects=True)

    assert turned == ALL_OFF | {"unknownFields": True, "crossRejects": True}
    assert sandbox.done("GET", "switches") == sandbox.done("GET", "")["switches"] == turned


def test_a_sandbox_can_begin_with_some_which_a_reset_puts_on_again(desk: Desk) -> None:
    sandbox = desk.sandbox(switches={"unknownFields": True, "unknownEvents": False})
    sandbox.done("POST", "switches", unknownFields=False, unknownMethods=True)

    sandbox.done("POST", "reset")

    assert sandbox.made["switches"] == ALL_OFF | {"unknownFields": True}
    assert sandbox.done("GET", "switches") == sandbox.made["switches"]


def test_those_of_other_sandboxes_stay_off(desk: Desk, sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "switches", unknownFields=True)

    assert desk.sandbox().done("GET", "switches") == ALL_OFF


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"unknownField": True}, {"unknownField": ["Unknown field; did you mean unknownFields?"]}),
        ({"unknownFields": "true"}, {"unknownFields": ["Not a valid boolean."]}),
        ({"unknownFields": None}, {"unknownFields": ["Field may not be null."]}),
    ],
)
def test_what_will_not_do_is_refused_by_its_name(
    desk: Desk, sandbox: SandboxDesk, fields: dict[str, Any], why: dict[str, Any]
) -> None:
    assert sandbox.refused("POST", "switches", **fields) == why
    assert desk.refused("POST", "sandboxes", switches=fields) == {"switches": why}


def objects_of(content: Any) -> Iterator[dict[str, Any]]:
    """Find every object in an answer."""
    if isinstance(content, list):
        for each in content:
            yield from objects_of(each)
    if isinstance(content, dict):
        yield content
        for each in content.values():
            yield from objects_of(each)


CALLS: dict[str, Callable[[SandboxDesk, str], Any]] = {
    "the look-up": lambda sandbox, key: sandbox.merchant().get(key),
    "the cancel": lambda sandbox, key: sandbox.merchant().cancel(key, cancelAmount=100),
    "the transactions": lambda sandbox, _: sandbox.merchant().call(
        "GET", "/v1/transactions", query_string=PERIOD
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_unknown_fields_are_in_every_object_of_an_answer(
    sandbox: SandboxDesk, call: Callable[[SandboxDesk, str], Any]
) -> None:
    key = pay(sandbox.merchant())["paymentKey"]
    usual = {frozenset(each) for each in objects_of(call(sandbox, key).get_json())}

    sandbox.done("POST", "switches", unknownFields=True)
    shown = {frozenset(each) for each in objects_of(call(sandbox, key).get_json())}

    assert usual <= {each - {"newField"} for each in shown}
    assert all("newField" in each for each in shown)


def test_what_the_merchant_has_named_itself_gets_no_unknown_field(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "switches", unknownFields=True)

    paid = pay(sandbox.merchant(), metadata={"seat": "F12"})

    assert paid["metadata"] == {"seat": "F12"}


def test_the_kiosk_contract_has_unknown_fields_too(desk: Desk) -> None:
    sandbox = desk.sandbox(switches={"unknownFields": True})

    paid = sandbox.shop().pay().get_json()

    assert "newField" in paid
    assert "newField" in paid["receipt"]


def test_a_replayed_answer_is_the_first_whatever_was_turned_meanwhile(sandbox: SandboxDesk) -> None:
    key = pay(sandbox.merchant())["paymentKey"]
    once = {"headers": {"Idempotency-Key": "press-1"}, "json": {"cancelReason": "a"}}
    path = f"/v1/payments/{key}/cancel"
    first = sandbox.merchant().call("POST", path, **once).get_json()

    sandbox.done("POST", "switches", unknownFields=True)

    assert sandbox.merchant().call("POST", path, **once).get_json() == first


def test_a_webhook_has_unknown_fields_too(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "switches", unknownFields=True)
    pay(sandbox.merchant())

    told = receiver.wait_for(1)[0].body

    assert all("newField" in each for each in objects_of(told))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_unknown_method_comes_with_no_part_of_the_known_ones(sandbox: SandboxDesk, language: str) -> None:
    key = pay(sandbox.merchant())["paymentKey"]
    sandbox.done("POST", "switches", unknownMethods=True)

    shown = (
        sandbox.merchant()
        .call("GET", f"/v1/payments/{key}", headers={"Accept-Language": language})
        .get_json()
    )

    assert (shown["method"], shown["card"], shown["easyPay"]) == ("NEW_METHOD", None, None)
    assert (shown["status"], shown["totalAmount"]) == ("DONE", 10_000)


def test_a_payment_that_has_no_method_yet_shows_none(sandbox: SandboxDesk) -> None:
    sandbox.done("POST", "switches", unknownMethods=True)
    begun = check_out(sandbox.merchant(), outcome={"result": "wait"})

    assert sandbox.merchant().get(begun["paymentKey"]).get_json()["method"] is None


@pytest.mark.parametrize("listed", ["transactions", "settlements"])
def test_the_lists_have_the_unknown_method_too(sandbox: SandboxDesk, listed: str) -> None:
    pay(sandbox.merchant())
    sandbox.done("POST", "clock", advance="P1D")
    sandbox.done("POST", "switches", unknownMethods=True)

    rows = sandbox.merchant().call("GET", f"/v1/{listed}", query_string=PERIOD).get_json()

    assert [row["method"] for row in rows] == ["NEW_METHOD"]


def test_the_kiosk_contract_has_unknown_methods_too(desk: Desk) -> None:
    sandbox = desk.sandbox(switches={"unknownMethods": True})

    assert sandbox.shop().pay().get_json()["method"] == "NEW_METHOD"


def test_an_unknown_event_follows_each_that_is_known(sandbox: SandboxDesk, receiver: Receiver) -> None:
    sandbox.done("POST", "switches", unknownEvents=True)
    pay(sandbox.merchant())

    known, unknown = (request.body for request in receiver.wait_for(2))

    assert (known["eventType"], unknown["eventType"]) == ("PAYMENT_STATUS_CHANGED", "NEW_EVENT")
    assert unknown.keys() == {"eventType", "createdAt", "data"}
    assert unknown["data"].keys() & known["data"].keys() == set()


def test_a_merchant_of_the_settings_begins_with_its_switches_at_each_start(
    new_database: Callable[[], str], clock: MovableClock
) -> None:
    url = new_database()
    merchant = MerchantSettings("begun", secret_keys=("test_sk_begun",), switches=("unknownFields",))
    for _ in range(2):
        with staged_app(url, (merchant,), clock) as app:
            desk = Desk(app)
            at_first = desk.done("GET", "sandboxes/begun/switches")
            desk.done("POST", "sandboxes/begun/switches", unknownFields=False)

        assert at_first == ALL_OFF | {"unknownFields": True}
