"""The verbs for faults and held calls do what they say, over HTTP, to a real server in this process."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from payments_mock.testing import Sandbox
from payments_mock.testing.control_client import ControlError
from tests.testing.merchant import begin, call, confirm


def test_a_lost_answer_leaves_the_payment_approved(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_lost")
    name = kiosk.faults.lose_answer("confirm")

    with pytest.raises(requests.ConnectionError):
        confirm(kiosk, payment)

    assert call(kiosk, "GET", "/pay_order_lost").json()["status"] == "APPROVED"
    assert kiosk.faults.fired(name) == 1


def test_a_broken_connection_leaves_the_payment_as_it_was(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_broken")
    kiosk.faults.break_connection("confirm")

    with pytest.raises(requests.ConnectionError):
        confirm(kiosk, payment)

    assert call(kiosk, "GET", "/pay_order_broken").json()["status"] == "INITIATED"


def test_a_refusal_comes_with_its_code_and_once(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_refused")
    kiosk.faults.refuse("confirm", "CARD_DOWN", status=503)

    first, second = confirm(kiosk, payment), confirm(kiosk, payment)

    assert (first.status_code, first.json()["code"]) == (503, "CARD_DOWN")
    assert second.status_code == 200


def test_a_slow_answer_outlasts_the_merchants_patience_and_is_committed(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_slow")
    kiosk.faults.answer_slowly("confirm", 5)

    with pytest.raises(requests.ReadTimeout):
        confirm(kiosk, payment, patience=0.3)

    assert call(kiosk, "GET", "/pay_order_slow").json()["status"] == "APPROVED"


def test_an_altered_answer_lies_and_the_payment_is_approved_truly(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_altered")
    kiosk.faults.alter("confirm", {"status": "SETTLED"}, remove=["amount"])

    said = confirm(kiosk, payment).json()

    assert (said["status"], "amount" in said) == ("SETTLED", False)
    assert call(kiosk, "GET", "/pay_order_altered").json()["status"] == "APPROVED"


def test_a_held_call_waits_for_the_test(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_gate")
    name = kiosk.faults.hold("confirm")

    with ThreadPoolExecutor(1) as pool:
        confirming = pool.submit(confirm, kiosk, payment)
        [held] = kiosk.faults.held(1)
        let_go = kiosk.faults.let_go(order_id="order_gate")

    assert (held["fault"], held["orderId"], let_go) == (name, "order_gate", 1)
    assert confirming.result().status_code == 200


def test_a_held_call_is_refused_or_cut(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_gate")
    kiosk.faults.hold("confirm", times=2)

    with ThreadPoolExecutor(2) as pool:
        refused = pool.submit(confirm, kiosk, payment)
        kiosk.faults.held(1)
        kiosk.faults.refuse_held("CARD_DOWN", 503)
        assert refused.result().json()["code"] == "CARD_DOWN"
        cut = pool.submit(confirm, kiosk, payment)
        [held] = kiosk.faults.held(1)
        kiosk.faults.cut_held(id=held["id"])
        assert isinstance(cut.exception(), requests.ConnectionError)


def test_waiting_for_calls_that_nobody_makes_ends(kiosk: Sandbox) -> None:
    kiosk.faults.hold("confirm")

    with pytest.raises(TimeoutError, match=r"0 of 1 calls were held within 0\.1 seconds"):
        kiosk.faults.held(1, seconds=0.1)


def test_a_call_that_is_held_before_anything_happens_has_done_nothing_yet(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_held")
    kiosk.faults.wait_before("confirm", 5)

    with pytest.raises(requests.ReadTimeout):
        confirm(kiosk, payment, patience=0.3)

    assert kiosk.payment("pay_order_held")["state"] == "AUTHENTICATED"


def test_a_call_that_hangs_is_done_and_never_answered(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_hanging")
    kiosk.faults.hang("confirm")

    with pytest.raises(requests.ReadTimeout):
        confirm(kiosk, payment, patience=0.3)

    assert kiosk.payment("pay_order_hanging")["state"] == "APPROVED"


def test_a_provider_that_is_down_for_ten_minutes_is_up_again_after_them(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_down")
    kiosk.faults.refuse("confirm", "MAINTENANCE", status=503, lasts=timedelta(minutes=10))

    first, second = confirm(kiosk, payment), confirm(kiosk, payment)
    kiosk.clock.advance(minutes=10)

    assert [first.status_code, second.status_code] == [503, 503]
    assert confirm(kiosk, payment).status_code == 200


def test_some_calls_go_well_before_a_fault_fires(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_skipped")
    kiosk.faults.refuse("confirm", "NOT_FOUND", skip=1)

    assert [confirm(kiosk, payment).status_code for _ in range(3)] == [200, 404, 200]


def test_a_fault_that_was_removed_strikes_nobody(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_spared_later")
    one = kiosk.faults.refuse("confirm", "NOT_FOUND", times="always")
    kiosk.faults.refuse("get", "NOT_FOUND", times="always")

    kiosk.faults.remove(one)
    assert [fault["match"]["operation"] for fault in kiosk.faults.armed()] == ["get"]
    kiosk.faults.remove()

    assert confirm(kiosk, payment).status_code == 200
    assert call(kiosk, "GET", "/pay_order_spared_later").status_code == 200


def test_a_fault_meant_for_one_order_spares_the_others(kiosk: Sandbox) -> None:
    meant, spared = begin(kiosk, "order_meant"), begin(kiosk, "order_spared")
    kiosk.faults.refuse("confirm", "NOT_FOUND", order_id="order_meant", times="always")

    assert confirm(kiosk, spared).status_code == 200
    assert confirm(kiosk, meant).status_code == 404


def test_a_verb_with_a_wrong_word_says_what_would_be_right(kiosk: Sandbox) -> None:
    with pytest.raises(ControlError, match="did you mean confirm"):
        kiosk.faults.lose_answer("confrm")


def test_a_fault_that_fired_is_not_among_the_unused(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_used")
    kiosk.faults.refuse("confirm", "NOT_FOUND")
    kiosk.faults.hang("get")
    confirm(kiosk, payment)

    assert kiosk.unused_faults() == [
        'hang("get") never fired; calls seen: create order_used -> 200, confirm order_used -> 404'
    ]


def test_an_armed_fault_is_changed(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_changed")
    name = kiosk.faults.refuse("get", "NOT_FOUND", times="always")

    changed = kiosk.faults.change(name, match={"operation": "confirm", "order_id": "order_changed"})

    assert changed["match"] == {"operation": "confirm", "orderId": "order_changed"}
    assert call(kiosk, "GET", "/pay_order_changed").status_code == 200
    assert confirm(kiosk, payment).status_code == 404
    with pytest.raises(ControlError, match="kind alter strikes after"):
        kiosk.faults.change(name, effect={"kind": "alter", "remove": ["status"]})
