"""The API of the pages: what it refuses, and what two shoppers at once may not both have."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments_mock.kiosk.tables import db
from payments_mock.kiosk.web.api import OUTCOME_TYPE
from testkit.depth import depth
from testkit.kiosk.line import Line
from tests.kiosk.test_api import JSON, assert_problem
from tests.kiosk.till import COLA, Till

ORDERS = "/api/v1/orders"
MISSING = "00000000-0000-4000-8000-000000000000"


def place(till: Till, **fields: Any) -> dict[str, Any]:
    answer = till.send("POST", ORDERS, json={"buyer": "Kim", "items": [COLA]} | fields)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json
    return order


def scalar(query: str) -> Any:
    with db.engine.begin() as connection:
        return connection.exec_driver_sql(query).scalar()


def run(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"buyer": ""}, "buyer"),
        ({"buyer": "x" * 101}, "buyer"),
        ({"buyer": None}, "buyer"),
        ({"buyer": "Kim\0"}, "buyer"),
        ({"items": []}, "items"),
        ({"items": [{"id": "cola", "quantity": 0}]}, "items.0.quantity"),
        ({"items": [{"id": "gold", "quantity": 1}]}, "items"),
        ({"seats": ["Z9"]}, "seats"),
        ({"seats": ["A1", "A1"]}, "seats"),
        ({"seats": ["nowhere"]}, "seats.0"),
        ({"seats": [1]}, "seats.0"),
        ({"seats": ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B1"]}, "seats"),
        ({"price": 1}, "price"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_by_field(
    till: Till, fields: dict[str, Any], named: str
) -> None:
    answer = till.send("POST", ORDERS, json={"buyer": "Kim", "items": [COLA]} | fields)
    assert_problem(answer, 400, "INVALID_REQUEST")
    assert list(answer.json["errors"]) == [named]


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"code": "not a code"}, "code"),
        ({"code": None}, "code"),
        ({}, "code"),
        ({"code": "A", "orderId": "7"}, "orderId"),
    ],
)
def test_a_failure_that_makes_no_sense_is_refused_by_field(
    till: Till, fields: dict[str, Any], named: str
) -> None:
    answer = till.send("POST", "/api/v1/payments/fail", json=fields)
    assert_problem(answer, 400, "INVALID_REQUEST")
    assert list(answer.json["errors"]) == [named]


def test_a_failures_words_are_stored_fit_to_be_shown(till: Till) -> None:
    order = place(till)
    told = {"code": "FAILED", "message": "No\0" + "x" * 400, "orderId": order["orderId"]}
    noted = till.send("POST", "/api/v1/payments/fail", json=told).json["order"]["failure"]
    assert noted == {"code": "FAILED", "message": "No?" + "x" * 297}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["", "/payment", "/cancel", "/hold"])
def test_an_order_that_does_not_exist_is_404_or_405(till: Till, method: str, path: str) -> None:
    answer = till.send(method, f"{ORDERS}/{MISSING}{path}")
    assert answer.status_code in {404, 405}
    assert answer.json["message"]


WEBHOOK = "/api/v1/payments/webhook"
PATHS = (ORDERS, "/api/v1/payments/confirm", "/api/v1/payments/fail", "/api/v1/payments/cancel", WEBHOOK)


@settings(
    max_examples=depth(60, 15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.sampled_from(PATHS), body=JSON)
def test_any_json_is_answered_or_refused(till: Till, path: str, body: Any) -> None:
    answer = till.send("POST", path, json=body)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"eventType": "BILLING_DELETED", "data": {"billingKey": "key", "reason": "moved"}},
        {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": MISSING, "status": "DONE"}},
        {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": "not-of-this-shop", "status": "DONE"}},
        {"status": "DONE", "secret": "ps", "orderId": 7},
    ],
)
def test_a_webhook_about_something_else_is_taken_and_does_not_come_again(
    till: Till, event: dict[str, Any]
) -> None:
    answer = till.send("POST", WEBHOOK, json=event)

    assert (answer.status_code, answer.json) == (200, {"received": True})


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"data": "DONE"}'])
def test_a_webhook_that_is_none_is_refused(till: Till, body: bytes) -> None:
    assert_problem(
        till.send("POST", WEBHOOK, data=body, content_type="application/json"), 400, "INVALID_REQUEST"
    )


def test_a_webhook_about_an_order_that_is_being_paid_is_to_come_again(till: Till) -> None:
    order_id = place(till)["orderId"]
    till.die_while_paying(order_id, confirm_sent=True)

    answer = till.send("POST", WEBHOOK, json={"orderId": order_id})

    assert_problem(answer, 503, "NOT_KNOWN_YET")


def test_a_webhook_that_nobody_can_look_up_is_to_come_again(till: Till, line: Line) -> None:
    order_id = place(till)["orderId"]
    till.pay(order_id)
    line.cut()

    answer = till.send("POST", WEBHOOK, json={"orderId": order_id})

    assert_problem(answer, 503, "NOT_KNOWN_YET")
    assert till.stored(order_id).status == "PAID"


def test_a_webhook_about_a_payment_that_was_canceled_elsewhere_refunds_the_order(
    till: Till, line: Line
) -> None:
    order_id = place(till)["orderId"]
    key = till.pay(order_id).json["payment"]["paymentKey"]
    url = f"{line.upstream}/v1/payments/{key}/cancel"
    assert requests.post(url, json={"cancelReason": "Phone"}, auth=("test_sk_dummy", ""), timeout=10).ok

    assert till.send("POST", WEBHOOK, json={"orderId": order_id}).status_code == 200

    assert till.stored(order_id).status == "REFUNDED"
    assert scalar("SELECT reason FROM cancel") == "CANCELED_AT_PROVIDER"


def test_one_seat_goes_to_one_of_many_shoppers(till: Till) -> None:
    def want(number: int) -> int:
        with till.app.app_context():
            body = {"buyer": f"Shopper {number}", "seats": ["A1"]}
            return till.send("POST", ORDERS, json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(want, range(8))) == [201] + [409] * 7


def test_an_order_of_a_taken_seat_leaves_nothing_behind(till: Till) -> None:
    place(till, seats=["A1"])
    answer = till.send("POST", ORDERS, json={"buyer": "Lee", "seats": ["A2", "A1"]})
    assert_problem(answer, 409, "SEAT_TAKEN")
    assert scalar("SELECT count(*) FROM orders") == 1
    assert scalar("SELECT reservation_id FROM seats WHERE id = 'A2'") is None


def test_the_kiosk_contract_confirms_a_payment_of_the_pages_too(till: Till) -> None:
    order = place(till, seats=["A1"])
    told = {"paymentKey": "pay_of_the_page", "orderId": order["orderId"], "amount": order["amount"]}
    paid = till.send("POST", "/api/v1/payments/confirm", json=told).json
    assert (paid["status"], paid["payment"]["paymentKey"]) == ("PAID", "pay_of_the_page")
    assert paid["reservation"]["status"] == "CONFIRMED"


def test_the_payment_leaves_and_the_cancel_stands_in_one_transaction(till: Till) -> None:
    order = place(till)
    till.pay(order["orderId"])
    run("CREATE TRIGGER keep BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'kept'); END")

    answer = till.send("POST", f"{ORDERS}/{order['orderId']}/cancel")

    assert_problem(answer, 500, "INTERNAL_ERROR")
    assert scalar("SELECT count(*) FROM cancel") == 0
    assert scalar("SELECT count(*) FROM payments") == 1
    assert scalar("SELECT status FROM orders") == "REFUND_PENDING"
    assert scalar("SELECT count(*) FROM seller_settlement WHERE kind = 'REFUND'") == 0


def test_a_cancel_that_was_not_written_down_is_written_down_by_the_next_look(till: Till, clock: Any) -> None:
    order = place(till)
    till.pay(order["orderId"])
    run("CREATE TRIGGER keep BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'kept'); END")
    till.send("POST", f"{ORDERS}/{order['orderId']}/cancel")
    run("DROP TRIGGER keep")
    clock.advance(minutes=5)

    assert till.send("GET", f"{ORDERS}/{order['orderId']}").json["status"] == "REFUNDED"
    assert scalar("SELECT amount FROM cancel") == 2500
    assert scalar("SELECT count(*) FROM payments") == 0


def test_a_sale_is_due_as_many_days_later_as_the_kiosk_was_told(till: Till, clock: Any) -> None:
    till.pay(place(till)["orderId"])
    [entry] = till.send("GET", "/api/v1/settlements").json["settlements"]
    assert (entry["kind"], entry["amount"], entry["dueAt"]) == ("SALE", 2500, "2024-01-01T12:34:56Z")


OUTCOME_WISH = {"Accept": f"{OUTCOME_TYPE}, application/json"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/orders", 400, "INVALID_REQUEST"),
        (f"/api/v1/orders/{MISSING}/hold", 404, "NOT_FOUND"),
        (f"/api/v1/orders/{MISSING}/cancel", 404, "NOT_FOUND"),
        ("/api/v1/payments/fail", 400, "INVALID_REQUEST"),
        ("/api/v1/nothing", 404, "NOT_FOUND"),
    ],
)
def test_a_refusal_is_an_outcome_for_pages_and_a_status_for_all_others(
    till: Till, path: str, status: int, code: str
) -> None:
    plain = till.send("POST", path, headers={"Accept": "*/*"})
    assert (plain.status_code, plain.mimetype, plain.json["code"]) == (status, "application/json", code)

    asked = till.send("POST", path, headers=OUTCOME_WISH)

    assert (asked.status_code, asked.mimetype) == (200, OUTCOME_TYPE)
    assert asked.json == {"refused": {"status": status, **plain.json}}


def test_what_is_granted_looks_the_same_to_pages(till: Till) -> None:
    placed = till.send("POST", ORDERS, json={"buyer": "Kim", "items": [COLA]}, headers=OUTCOME_WISH)

    assert (placed.status_code, placed.mimetype) == (201, "application/json")
    assert "refused" not in placed.json
