"""Idempotency keys: the first answer is the answer, whoever asks again, on both contracts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from payments_mock.clock import system_clock
from payments_mock.storage import metadata
from payments_mock.storage.engine.database import database_of
from testkit.inside.clock import MovableClock
from testkit.inside.database import drop_tables
from testkit.inside.shop import Shop
from testkit.inside.toss_sales import check_out
from testkit.inside.toss_stage import Stage, stage_on, staged_app, unused
from tests.contracts.toss.answers import assert_refused
from tests.contracts.toss.conftest import MERCHANTS
from tests.contracts.toss.keyed import CONFIRM, asked, with_key


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


def test_an_error_that_a_test_asks_for_leaves_the_key_free(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    asking = {"headers": {"Idempotency-Key": key, "TossPayments-Test-Code": "PROVIDER_ERROR"}}
    assert_refused(stage.post(CONFIRM, asked(begun), **asking), "PROVIDER_ERROR")

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
        metadata.create_all(database_of(app).engine)

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
