"""The verbs of a sandbox do what they say, over HTTP, to a real server in this process."""

import inspect
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from payments_mock import testing as kit
from payments_mock.api.catalogue import STATUS_OF_STATE
from payments_mock.testing import MockServer, RemoteServer, Sandbox, plugin
from payments_mock.testing.control_client import STATES, Clock, ControlError, KitError
from payments_mock.testing.faults import Faults
from payments_mock.testing.sandbox import Journal, Shopper
from payments_mock.testing.webhooks import Webhooks
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


def test_a_cleared_journal_knows_of_no_call(kiosk: Sandbox) -> None:
    begin(kiosk, "order_cleared")

    kiosk.journal.clear()

    kiosk.journal.assert_not_called("create")


def test_a_fault_meant_for_one_order_spares_the_others(kiosk: Sandbox) -> None:
    meant, spared = begin(kiosk, "order_meant"), begin(kiosk, "order_spared")
    kiosk.faults.refuse("confirm", "NOT_FOUND", order_id="order_meant", times="always")

    assert confirm(kiosk, spared).status_code == 200
    assert confirm(kiosk, meant).status_code == 404


def test_the_journal_counts_and_shows_what_came_near(kiosk: Sandbox) -> None:
    confirm(kiosk, begin(kiosk, "order_counted"))

    kiosk.journal.assert_called("confirm", order_id="order_counted")
    kiosk.journal.assert_not_called("cancel")
    with pytest.raises(ControlError, match=r"found 1\n  near: confirm POST /v1/payments/confirm -> 200"):
        kiosk.journal.assert_called("confirm", count=2, order_id="order_counted")


def test_the_journal_can_be_awaited(kiosk: Sandbox) -> None:
    begin(kiosk, "order_awaited")

    [entry] = kiosk.journal.wait_for("create", order_id="order_awaited")

    assert entry["stateAfter"] == "AUTHENTICATED"


def test_calls_are_found_by_headers_and_by_the_fault_that_struck(kiosk: Sandbox) -> None:
    kiosk.faults.refuse("create", "NOT_FOUND", name="refused")
    begin(kiosk, "order_headers")
    named = {"headers": {"content-type": "application/json"}, "fault": "refused"}

    assert [call["status"] for call in kiosk.journal.calls("create", **named)] == [404]
    kiosk.journal.assert_called("create", count=1, **named)
    kiosk.journal.assert_not_called("create", headers={"content-type": "text/plain"})


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


def test_a_deposit_pays_a_virtual_account_and_is_reversed(toss: Sandbox) -> None:
    payment = toss.shopper.pays("order_account", 1000, method="VIRTUAL_ACCOUNT")
    waiting = confirm(toss, payment).json()["status"]

    paid = toss.shopper.deposits(payment["paymentKey"])["status"]
    reversed_again = toss.shopper.has_deposit_reversed(payment["paymentKey"])["status"]

    assert (waiting, paid, reversed_again) == ("WAITING_FOR_DEPOSIT", "DONE", "WAITING_FOR_DEPOSIT")


def test_a_declined_card_is_refused_at_confirm(toss: Sandbox) -> None:
    payment = toss.shopper.is_declined_at_confirm("order_declined", 1000, "REJECT_CARD_PAYMENT")

    assert confirm(toss, payment).json()["code"] == "REJECT_CARD_PAYMENT"


def test_a_window_that_fails_or_is_closed_leads_to_the_fail_page(toss: Sandbox) -> None:
    failed = toss.shopper.fails("order_failed", 1000, "REJECT_CARD_COMPANY")["redirectUrl"]
    closed = toss.shopper.closes("order_closed", 1000)["redirectUrl"]

    assert "code=REJECT_CARD_COMPANY" in failed
    assert "code=PAY_PROCESS_CANCELED" in closed


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


def test_a_verb_with_a_wrong_word_says_what_would_be_right(kiosk: Sandbox) -> None:
    with pytest.raises(ControlError, match="did you mean confirm"):
        kiosk.faults.lose_answer("confrm")


def test_a_server_elsewhere_has_the_same_verbs(server: MockServer) -> None:
    with RemoteServer(server.url) as remote, remote.sandbox() as made:
        begin(made, "order_remote")

        assert [payment["orderId"] for payment in made.payments()] == ["order_remote"]


def test_a_server_with_a_control_token_is_controlled_with_it_alone() -> None:
    with MockServer(control_token="secret") as started:
        with started.sandbox() as made:
            assert made.payments() == []
        with RemoteServer(started.url) as stranger, pytest.raises(ControlError, match="TOKEN_MISSING"):
            stranger.sandbox()


def test_a_stopped_server_answers_no_more_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with MockServer() as started:
        url = started.url

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health", timeout=5)
    assert threading.active_count() <= before + 1


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


@pytest.mark.parametrize("text", ["15,000원", "15,000", "15000원", "₩15,000", "15,000 won", " 15000 KRW "])
def test_an_amount_may_be_written_as_people_do(toss: Sandbox, text: str) -> None:
    toss.faults.refuse("confirm", "PROVIDER_ERROR", amount=text)
    payment = toss.shopper.pays("order_written", text)

    assert payment["amount"] == 15_000
    assert confirm(toss, payment).json()["code"] == "PROVIDER_ERROR"
    toss.journal.assert_called("confirm", amount=text)


@pytest.mark.parametrize("text", ["15,00", "1,5000원", "15.000", "만원", "", "-100원"])
def test_what_is_no_amount_is_told_how_one_is_written(toss: Sandbox, text: str) -> None:
    with pytest.raises(KitError) as told:
        toss.shopper.pays("order_1", text)

    assert str(told.value) == f'"{text}" is no amount; write 15000, "15,000" or "15,000원"'


def test_a_deposit_may_be_written_as_people_do(toss: Sandbox) -> None:
    payment = toss.shopper.pays("order_account", "15,000원", method="VIRTUAL_ACCOUNT")
    confirm(toss, payment)

    assert toss.shopper.deposits(payment["paymentKey"], "15,000원")["status"] == "DONE"


@pytest.mark.parametrize(
    "act",
    [
        lambda shopper: shopper.pays("order_1", 1000),
        lambda shopper: shopper.fails("order_1", 1000, "REJECT_CARD_COMPANY"),
        lambda shopper: shopper.closes("order_1", 1000),
        lambda shopper: shopper.deposits("pay_1"),
        lambda shopper: shopper.has_deposit_reversed("pay_1"),
    ],
    ids=["pays", "fails", "closes", "deposits", "reverses"],
)
def test_a_shopper_has_no_window_on_the_kiosk_contract(kiosk: Sandbox, act: Callable[[Any], object]) -> None:
    with pytest.raises(KitError, match=r'mark the test: @pytest.mark.payments_mock\(contract="toss"\)'):
        act(kiosk.shopper)


def test_the_newest_calls_are_summed_up_and_the_earlier_ones_counted(kiosk: Sandbox) -> None:
    assert kiosk.journal.summary() == "none"
    for number in range(4):
        begin(kiosk, f"order_{number}")

    assert kiosk.journal.summary(2) == "... 2 earlier, create order_2 -> 200, create order_3 -> 200"


def test_a_fault_that_fired_is_not_among_the_unused(kiosk: Sandbox) -> None:
    payment = begin(kiosk, "order_used")
    kiosk.faults.refuse("confirm", "NOT_FOUND")
    kiosk.faults.hang("get")
    confirm(kiosk, payment)

    assert kiosk.unused_faults() == [
        'hang("get") never fired; calls seen: create order_used -> 200, confirm order_used -> 404'
    ]


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with pytest.raises(KitError) as told:
        RemoteServer(url).sandbox()

    assert str(told.value) == f"no payments-mock answers at {url}; start one with `payments-mock serve`"
    assert told.value.__suppress_context__


PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


def public(kind: type) -> set[str]:
    """Return the names of what a class of the kit offers."""
    return {name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))}


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (Sandbox, "sandbox"),
        (Faults, "sandbox.faults"),
        (Clock, "sandbox.clock"),
        (Journal, "sandbox.journal"),
        (Shopper, "sandbox.shopper"),
        (Webhooks, "sandbox.webhooks"),
    ],
)
def test_every_verb_is_in_the_documents(kind: type, prefix: str) -> None:
    rows = [row.split(" | ")[0] for row in PAGE.splitlines() if row.startswith(f"| `{prefix}.")]
    of_kind = [row for row in rows if re.match(rf"\| `{prefix}\.\w+\(", row)]

    assert {name for row in of_kind for name in re.findall(r"\.(\w+)\(", row)} == public(kind)


def test_every_attribute_fixture_option_and_class_is_in_the_documents(kiosk: Sandbox) -> None:
    attributes = [f"sandbox.{name}" for name in vars(kiosk) if not name.startswith("_")]
    options = re.findall(r'"(--payments-mock-\w+)"', inspect.getsource(plugin))
    fixtures = [name for name, value in vars(plugin).items() if "fixture" in type(value).__name__.lower()]

    assert sorted(fixtures) == ["payments_mock", "sandbox"]
    for name in fixtures:
        assert f"| `{name}` |" in PAGE
    assert set(options) == {"--payments-mock-url", "--payments-mock-token"}
    for name in [*attributes, *options, *kit.__all__]:
        assert name in PAGE
    for name in ("sandbox", "start", "stop"):
        assert f"server.{name}(" in PAGE
