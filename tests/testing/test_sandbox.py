"""The verbs of a sandbox do what they say, over HTTP, to a real server in this process."""

from datetime import datetime, timedelta, timezone

import pytest
import requests

from payments_mock.api.catalogue import STATUS_OF_STATE
from payments_mock.testing import MockServer, Sandbox
from payments_mock.testing.control_client import STATES, ControlError, KitError
from tests.testing.merchant import begin, call, confirm


def test_a_payment_is_declined_and_a_reset_keeps_what_is_named(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_declined")
    kiosk.declines("pay_order_declined", "REJECT_CARD_COMPANY")
    name = kiosk.faults.refuse("cancel", "NOT_FOUND")

    declined = confirm(kiosk, payment)
    kiosk.reset(keep=["faults"])

    assert (declined.status_code, declined.json()["code"]) == (422, "REJECT_CARD_COMPANY")
    assert ([fault["name"] for fault in kiosk.faults.armed()], kiosk.payments()) == ([name], [])


def test_events_tell_what_happened_since(kiosk: Sandbox) -> None:
    start, none = kiosk.events()
    begin(kiosk, "order_event")

    seq, events = kiosk.events(start, wait=5)

    assert (none, {event["orderId"] for event in events}) == ([], {"order_event"})
    assert seq == events[-1]["seq"]


def test_ten_minutes_later_a_payment_can_not_be_confirmed(toss: Sandbox) -> None:
    payment = toss.shopper.pays("order_late", 1000)
    toss.clock.advance(minutes=10)

    refused = confirm(toss, payment)

    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND_PAYMENT_SESSION")


def test_days_pass_as_well_as_fractions_of_seconds(kiosk: Sandbox) -> None:
    kiosk.clock.freeze()
    before = kiosk.clock.now()

    kiosk.clock.advance(days=15, hours=1, minutes=1, seconds=0.25)

    assert kiosk.clock.now() - before == timedelta(days=15, hours=1, minutes=1, seconds=0.25)


def test_a_clock_is_set_and_runs_on_from_where_it_was_frozen(kiosk: Sandbox) -> None:
    moment = datetime(2030, 5, 5, 9, tzinfo=timezone(timedelta(hours=9)))
    kiosk.clock.freeze(at=moment)
    frozen = kiosk.clock.now()

    kiosk.clock.unfreeze()

    assert (frozen, kiosk.clock.now().date()) == (moment, moment.date())
    kiosk.clock.set(moment + timedelta(days=1))
    assert kiosk.clock.now() >= moment + timedelta(days=1)


def test_a_frozen_clock_stands_still_until_it_is_let_go(kiosk: Sandbox) -> None:
    kiosk.clock.freeze()
    first = kiosk.clock.now()

    assert kiosk.clock.now() == first
    kiosk.clock.release()
    assert kiosk.clock.now() > first


def test_a_list_that_is_late_misses_a_payment_until_time_has_passed(toss: Sandbox) -> None:
    toss.list_late(minutes=1, seconds=0.5)
    assert confirm(toss, toss.shopper.pays("order_unlisted", 1000)).status_code == 200

    before = transactions(toss)
    toss.clock.advance(minutes=2)

    assert before == []
    assert transactions(toss) == ["order_unlisted"]


def transactions(sandbox: Sandbox) -> list[str]:
    period = "startDate=2000-01-01&endDate=2900-01-01"
    url = f"{sandbox.base_url}/v1/transactions?{period}"
    rows = requests.get(url, auth=(sandbox.secret_key, ""), timeout=10).json()
    return [row["orderId"] for row in rows]


def test_one_sandbox_does_not_see_the_payments_of_another(server: MockServer, kiosk: Sandbox) -> None:
    begin(kiosk, "order_private")

    with server.sandbox() as other:
        assert other.payments() == []
        assert call(other, "GET", "/pay_order_private").status_code == 404


def test_a_reset_forgets_the_payments_and_keeps_the_keys(kiosk: Sandbox) -> None:
    begin(kiosk, "order_forgotten")

    kiosk.reset()

    assert kiosk.payments() == []
    assert call(kiosk, "GET", "/pay_order_forgotten").json()["code"] == "NOT_FOUND"


def test_a_sandbox_that_a_test_deleted_is_not_deleted_again(server: MockServer) -> None:
    with server.sandbox() as gone:
        gone.delete()

    assert call(gone, "GET", "/pay_x").status_code == 401


def test_the_keys_of_a_deleted_sandbox_are_nobodys(server: MockServer) -> None:
    with server.sandbox() as gone:
        pass

    assert call(gone, "GET", "/pay_x").status_code == 401


def test_a_sandbox_can_begin_with_switches_and_turn_them(server: MockServer) -> None:
    with server.sandbox(switches=["unknown_fields"]) as made:
        begin(made, "order_switched")
        at_first = call(made, "GET", "/pay_order_switched").json()
        turned = made.switch(unknown_fields=False, unknown_events=True)

        assert "newField" in at_first
        assert [name for name, is_on in turned.items() if is_on] == ["unknownEvents"]
        assert "newField" not in call(made, "GET", "/pay_order_switched").json()


def test_a_switch_that_there_is_not_is_refused_with_the_one_that_was_meant(kiosk: Sandbox) -> None:
    with pytest.raises(ControlError, match="did you mean unknownFields"):
        kiosk.switch(unknown_field=True)


@pytest.mark.parametrize("word", ["AUTHENTICATED", "IN_PROGRESS"])
def test_a_state_is_known_by_the_word_of_the_toss_contract_too(toss: Sandbox, word: str) -> None:
    toss.shopper.pays("order_stated", 1000)

    toss.assert_state("order_stated", word)


@pytest.mark.parametrize("word", ["AUTHENTICATED", "INITIATED"])
def test_a_state_is_known_by_the_word_of_the_kiosk_contract_too(kiosk: Sandbox, word: str) -> None:
    begin(kiosk, "order_begun")

    kiosk.assert_state("order_begun", word)


def test_a_state_that_is_another_is_told_with_all_there_are_in_both_words(toss: Sandbox) -> None:
    toss.shopper.pays("order_told", 1000)

    with pytest.raises(KitError) as told:
        toss.assert_state("order_told", "DONE")

    first, states = str(told.value).split("; the states are ")
    assert first == "the order order_told is AUTHENTICATED (Toss: IN_PROGRESS), not DONE"
    assert states == (
        "INITIATED (Toss: READY), AUTHENTICATED (Toss: IN_PROGRESS), "
        "AWAITING_DEPOSIT (Toss: WAITING_FOR_DEPOSIT), APPROVED (Toss: DONE), "
        "PARTIALLY_CANCELED (Toss: PARTIAL_CANCELED), CANCELED, ABORTED, EXPIRED"
    )


def test_a_state_that_there_is_not_and_an_order_that_nobody_knows_are_told(toss: Sandbox) -> None:
    with pytest.raises(KitError, match="PAID is no state of a payment; the states are INITIATED"):
        toss.assert_state("order_unpaid", "PAID")
    with pytest.raises(KitError, match="the provider knows no payment of the order order_unpaid"):
        toss.assert_state("order_unpaid", "DONE")


def test_the_words_for_states_are_those_of_the_contract() -> None:
    assert {str(own): of_toss for own, of_toss in STATUS_OF_STATE.items()} == STATES


def test_the_newest_payment_of_an_order_is_found_behind_many_others(kiosk: Sandbox) -> None:
    for number in range(101):
        begin(kiosk, f"order_{number}")

    kiosk.assert_state("order_100", "AUTHENTICATED")
    assert len(kiosk.payments()) == 101
    assert [payment["orderId"] for payment in kiosk.payments("order_7")] == ["order_7"]
