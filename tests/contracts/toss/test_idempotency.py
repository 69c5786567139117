"""Idempotency keys: the first answer is the answer, whoever asks again, on both contracts."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from payments_mock.clock import system_clock
from payments_mock.http.idempotency import LEASE, idempotency_scope
from payments_mock.process_identity import current_process
from payments_mock.storage import db
from payments_mock.storage import idempotency as store
from payments_mock.storage.sandboxes import find_merchant
from testkit.inside.clock import MovableClock
from testkit.inside.database import drop_tables, transaction
from testkit.inside.shop import Shop
from testkit.inside.toss_sales import check_out
from testkit.inside.toss_stage import Stage, stage_on, staged_app, unused
from tests.contracts.toss.answers import assert_refused
from tests.contracts.toss.conftest import MERCHANTS

CONFIRM = "/v1/payments/confirm"
GONE = f"{current_process().rsplit('/', 1)[0]}/an-earlier-start"
"""A process that had this one's number before it."""
LIVING = f"{socket.gethostname()}/{os.getppid()}/token"
"""Another process of this machine, which is there for as long as this one."""


@pytest.fixture
def key() -> str:
    return unused("key")


def with_key(key: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key}}


def asked(begun: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return the body of the confirm of what `check_out` began."""
    return {name: begun[name] for name in ("paymentKey", "orderId", "amount")} | changes


def claim(stage: Stage, key: str, owner: str, seconds_ago: float = 0) -> None:
    """Claim a key for a confirm on behalf of another process."""
    at = system_clock() - timedelta(seconds=seconds_ago)
    with stage.app.test_request_context(CONFIRM, method="POST", headers={"Idempotency-Key": key}) as asking:
        scope = idempotency_scope(asking.request, f"{stage.toss.secret_key}:")
        assert scope is not None
        with transaction() as connection:
            merchant = find_merchant(connection, "toss")
            assert merchant is not None
            store.claim(connection, merchant.id, scope, f"{owner}/claim", stage.clock.now, at)


def statuses(*answers: TestResponse) -> list[int]:
    return [answer.status_code for answer in answers]


def test_the_key_comes_back_with_the_first_answer_and_with_each_after_it(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)

    answers = [stage.post(CONFIRM, asked(begun), **with_key(key)) for _ in range(2)]

    assert [answer.headers["Idempotency-Key"] for answer in answers] == [key, key]


def test_each_answer_has_a_trace_id_of_its_own(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)

    answers = [stage.post(CONFIRM, asked(begun), **with_key(key)) for _ in range(2)]

    assert len({answer.headers["X-TossPayments-Trace-Id"] for answer in answers}) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": 9_999}, "FORBIDDEN_REQUEST"),
        ({"paymentKey": "unknown"}, "NOT_FOUND_PAYMENT_SESSION"),
        ({"amount": "many"}, "INVALID_REQUEST"),
    ],
)
def test_an_error_is_the_answer_too_though_the_body_is_right_by_then(
    stage: Stage, key: str, wrong: dict[str, object], code: str
) -> None:
    begun = check_out(stage.toss)
    first = stage.post(CONFIRM, asked(begun, **wrong), **with_key(key))

    second = stage.post(CONFIRM, asked(begun), **with_key(key))

    assert_refused(second, code)
    assert second.data == first.data
    assert stage.post(CONFIRM, asked(begun)).status_code == 200


def test_another_path_makes_it_another_call(stage: Stage, key: str) -> None:
    one, other = stage.paid(), stage.paid()
    reason = {"cancelReason": "고객 변심"}

    answers = [stage.post(f"/v1/payments/{paid}/cancel", reason, **with_key(key)) for paid in (one, other)]

    assert [answer.get_json()["paymentKey"] for answer in answers] == [one, other]


def test_another_merchant_s_key_makes_it_another_call(stage: Stage, key: str) -> None:
    one, other = check_out(stage.toss), check_out(stage.other)

    answers = [
        shop.post(CONFIRM, asked(begun), **with_key(key))
        for shop, begun in ((stage.toss, one), (stage.other, other))
    ]

    assert [answer.get_json()["mId"] for answer in answers] == ["toss", "other"]


def test_the_keys_of_the_other_pair_make_it_another_call(stage: Stage, key: str) -> None:
    one, other = check_out(stage.toss), check_out(stage.widget)

    answers = [
        shop.post(CONFIRM, asked(begun), **with_key(key))
        for shop, begun in ((stage.toss, one), (stage.widget, other))
    ]

    assert [answer.get_json()["orderId"] for answer in answers] == [one["orderId"], other["orderId"]]


def test_a_look_up_does_not_know_of_keys(stage: Stage, key: str) -> None:
    payment_key = stage.paid()
    path = f"/v1/payments/{payment_key}"
    assert stage.toss.call("GET", path, **with_key(key)).get_json()["status"] == "DONE"
    stage.toss.cancel(payment_key)

    found = stage.toss.call("GET", path, **with_key(key))

    assert found.get_json()["status"] == "CANCELED"
    assert stage.toss.call("GET", path, **with_key("k" * 301)).status_code == 200


def test_a_key_has_300_characters_at_most_whatever_the_body_is(stage: Stage) -> None:
    begun = check_out(stage.toss)

    assert_refused(stage.post(CONFIRM, ["no", "object"], **with_key("k" * 301)), "INVALID_IDEMPOTENCY_KEY")
    assert stage.post(CONFIRM, asked(begun), **with_key("k" * 300)).status_code == 200


def test_a_key_is_good_for_15_days_on_the_merchant_s_clock(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    first = stage.post(CONFIRM, asked(begun), **with_key(key))

    stage.clock.advance(days=14, hours=23, minutes=59, seconds=59)
    assert stage.post(CONFIRM, asked(begun), **with_key(key)).data == first.data

    stage.clock.advance(seconds=1)
    assert_refused(stage.post(CONFIRM, asked(begun), **with_key(key)), "ALREADY_PROCESSED_PAYMENT")


def test_after_15_days_the_new_answer_is_the_one_that_is_kept(stage: Stage, key: str) -> None:
    first, second = check_out(stage.toss), check_out(stage.toss)
    stage.post(CONFIRM, asked(first), **with_key(key))
    stage.clock.advance(days=15)
    third = check_out(stage.toss)
    stage.post(CONFIRM, asked(third), **with_key(key))

    answer = stage.post(CONFIRM, asked(second), **with_key(key))

    assert answer.get_json()["paymentKey"] == third["paymentKey"]


def test_a_key_of_a_request_in_progress_is_refused(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, LIVING)

    assert_refused(stage.post(CONFIRM, asked(begun), **with_key(key)), "IDEMPOTENT_REQUEST_PROCESSING")
    assert stage.toss.get(begun["paymentKey"]).get_json()["status"] == "IN_PROGRESS"


def test_the_claim_of_a_process_that_is_gone_is_taken_over(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, GONE)

    first, second = (stage.post(CONFIRM, asked(begun), **with_key(key)) for _ in range(2))

    assert statuses(first, second) == [200, 200]
    assert second.data == first.data


def test_the_claim_of_another_machine_is_taken_over_when_its_time_is_up(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, "another-machine/1/token", LEASE.total_seconds() - 30)
    assert_refused(stage.post(CONFIRM, asked(begun), **with_key(key)), "IDEMPOTENT_REQUEST_PROCESSING")

    later = unused("key")
    claim(stage, later, "another-machine/1/token", LEASE.total_seconds() + 1)

    assert stage.post(CONFIRM, asked(begun), **with_key(later)).status_code == 200


def test_an_answer_that_came_while_a_claim_was_looked_at_is_told_again(
    stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_key = stage.paid()
    path, part = f"/v1/payments/{payment_key}/cancel", {"cancelReason": "r", "cancelAmount": 1}
    first = stage.post(path, part, **with_key(key))
    look_at_the_claim_as_it_was_before_the_answer(monkeypatch)

    second = stage.post(path, part, **with_key(key))

    assert (second.status_code, second.data) == (200, first.data)
    assert len(stage.toss.get(payment_key).get_json()["cancels"]) == 1


def test_whoever_loses_the_claim_in_the_middle_of_the_work_does_nothing(
    stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_key = stage.paid()
    path, part = f"/v1/payments/{payment_key}/cancel", {"cancelReason": "r", "cancelAmount": 1}
    have_every_claim_end_before_its_answer_is_kept(monkeypatch)

    answer = stage.post(path, part, **with_key(key))

    assert_refused(answer, "IDEMPOTENT_REQUEST_PROCESSING")
    assert stage.toss.get(payment_key).get_json()["cancels"] is None


def look_at_the_claim_as_it_was_before_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the next look at a claim see what it was a moment ago: another thread answers just now."""
    find = store.find

    def look(connection: Connection, scope: str) -> store.StoredAnswer | None:
        monkeypatch.setattr(store, "find", find)
        stored = find(connection, scope)
        assert stored is not None
        assert stored.status == 200
        return replace(stored, status=None, content_type=None, body=None)

    monkeypatch.setattr(store, "find", look)


def have_every_claim_end_before_its_answer_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have somebody else take a claim over while its first owner is at work."""
    finish = store.finish

    def finish_late(connection: Connection, scope: str, owner: str, *kept: Any) -> bool:
        stored = store.find(connection, scope)
        assert stored is not None
        assert store.take_over(connection, scope, stored, "somebody-else", system_clock())
        return finish(connection, scope, owner, *kept)

    monkeypatch.setattr(store, "finish", finish_late)


def test_an_error_that_a_test_asks_for_leaves_the_key_free(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    asking = {"headers": {"Idempotency-Key": key, "TossPayments-Test-Code": "PROVIDER_ERROR"}}
    assert_refused(stage.post(CONFIRM, asked(begun), **asking), "PROVIDER_ERROR")

    assert stage.post(CONFIRM, asked(begun), **with_key(key)).status_code == 200


def test_a_claim_that_nobody_could_release_keeps_nobody_away(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, current_process())

    assert stage.post(CONFIRM, asked(begun), **with_key(key)).status_code == 200


def test_a_first_answer_is_told_again_however_the_machine_s_clock_is_stepped(
    stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = check_out(stage.toss)
    first = stage.post(CONFIRM, asked(begun), **with_key(key))

    monkeypatch.setattr(
        "payments_mock.http.idempotency.system_clock", lambda: system_clock() - timedelta(days=1)
    )
    second = stage.post(CONFIRM, asked(begun), **with_key(key))

    assert (second.status_code, second.data) == (200, first.data)


def test_a_fault_of_ours_is_not_kept(new_database: Callable[[], str], key: str) -> None:
    clock = MovableClock()
    with staged_app(new_database(), MERCHANTS, clock) as app:
        stage = stage_on(app, clock)
        drop_tables(app, "payments")
        assert stage.post(CONFIRM, asked(UNKNOWN), **with_key(key)).status_code == 500
        with app.app_context():
            db.create_all()

        mended = stage.post(CONFIRM, asked(UNKNOWN), **with_key(key))

    assert_refused(mended, "NOT_FOUND_PAYMENT_SESSION")


UNKNOWN = {"paymentKey": "unknown", "orderId": "order_123", "amount": 10_000}


def test_the_kiosk_contract_keeps_first_answers_too(stage: Stage, key: str) -> None:
    shop = Shop(stage.app, "test_sk_dummy")
    payment = {"paymentKey": unused("pay"), "orderId": unused("order"), "amount": 10_000}
    shop.create(**payment)

    first = shop.call("POST", CONFIRM, json=payment | {"amount": 1}, **with_key(key))
    second = shop.call("POST", CONFIRM, json=payment, **with_key(key))

    assert first.get_json()["code"] == "AMOUNT_MISMATCH"
    assert (second.status_code, second.data) == (first.status_code, first.data)
    assert shop.confirm(**payment).status_code == 200


def test_the_kiosk_contract_refuses_a_long_key_in_its_own_words(stage: Stage) -> None:
    answer = Shop(stage.app, "test_sk_dummy").call("POST", "/v1/payments", json={}, **with_key("k" * 301))

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")
