"""The kiosk's answers, errors and limits."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments_mock.kiosk.errors import FailureCode, KioskError
from payments_mock.kiosk.tables import Base, db
from payments_mock.kiosk.web.api import STATUS_OF_ERROR, STATUS_OF_FAILURE
from testkit.depth import depth
from testkit.inside.clock import MovableClock
from tests.kiosk.till import COLA, Till

MISSING = "00000000-0000-4000-8000-000000000000"


def assert_problem(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    assert answer.json["code"] == code
    assert answer.json["message"]


def test_health_asks_the_database(till: Till) -> None:
    assert till.send("GET", "/health").json == {"status": "ok", "database": "ok"}
    Base.metadata.drop_all(db.engine)
    assert_problem(till.send("GET", "/health"), 503, "DATABASE_UNAVAILABLE")


def test_the_menu_tells_price_stock_and_what_may_still_be_sold(till: Till) -> None:
    assert till.send("GET", "/menu").json["items"][0] == {
        "id": "cola",
        "name": "Cola",
        "price": 2500,
        "stock": 3,
        "available": 3,
    }


def test_a_new_order_says_where_it_is(till: Till) -> None:
    answer = till.send("POST", "/orders", json={"items": [COLA]})
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/orders/{answer.json['id']}"
    assert answer.json == till.look(answer.json["id"])


def test_an_order_keeps_the_price_at_which_it_was_placed(till: Till) -> None:
    order = till.place([{"id": "cola", "quantity": 2}])
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE menu_items SET price = 9000")
    assert till.look(order)["amount"] == 5000


def test_orders_are_listed_newest_first(till: Till, clock: MovableClock) -> None:
    placed = []
    for _ in range(3):
        placed.append(till.place())
        clock.advance(seconds=1)
    listed = till.send("GET", "/orders?limit=2").json["orders"]
    assert [order["id"] for order in listed] == [placed[2], placed[1]]


def test_orders_are_listed_by_status(till: Till) -> None:
    paid, still_open = till.place(), till.place()
    till.pay(paid)
    for status, order_id in (("PAID", paid), ("OPEN", still_open)):
        listed = till.send("GET", f"/orders?status={status}").json["orders"]
        assert [order["id"] for order in listed] == [order_id]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=paid", "status"),
        ("status=%00", "status"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("page=2", "page"),
    ],
)
def test_a_list_query_that_makes_no_sense_is_refused(till: Till, query: str, field: str) -> None:
    answer = till.send("GET", f"/orders?{query}")
    assert_problem(answer, 400, "INVALID_REQUEST")
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize(
    "path",
    [
        "/payments/",
        "/static/",
        "/static/%2e%2e/app.py",
        "/nowhere",
        "/orders/",
        "/orders/%00",
        f"/orders/{MISSING}",
    ],
)
def test_what_does_not_exist_is_404(till: Till, path: str) -> None:
    assert_problem(till.send("GET", path), 404, "NOT_FOUND")


def test_another_method_is_405_and_says_which_is_right(till: Till) -> None:
    answer = till.send("DELETE", "/menu")
    assert_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer.headers["Allow"]


def test_a_body_over_64_kib_is_413(till: Till) -> None:
    assert_problem(till.send("POST", "/orders", data=b" " * 65_537), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_415(till: Till, content_type: str | None) -> None:
    answer = till.send("POST", "/orders", data=b"{}", content_type=content_type)
    assert_problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"1" * 5000,
        b"[" * 60_000,
        b'{"items":' * 5_000,
        b'{"items": [{"id": "cola", "quantity": ' + b"9" * 5000 + b"}]}",
    ],
)
def test_a_body_that_is_no_object_is_400(till: Till, body: bytes) -> None:
    answer = till.send("POST", "/orders", data=body, content_type="application/json")
    assert_problem(answer, 400, "INVALID_REQUEST")


@pytest.mark.parametrize("text", ["\0", "\ud800", "가" * 40, "cola\0", "' OR 1=1 --", ""])
def test_an_odd_item_id_is_400(till: Till, text: str) -> None:
    items = [{"id": text, "quantity": 1}]
    assert_problem(till.send("POST", "/orders", json={"items": items}), 400, "INVALID_REQUEST")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
CARTS = st.fixed_dictionaries(
    {"items": JSON | st.lists(st.fixed_dictionaries({"id": JSON | st.just("cola"), "quantity": JSON}))}
)


@settings(
    max_examples=depth(100, 15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=CARTS | JSON)
def test_any_json_makes_an_order_or_is_refused(till: Till, body: Any) -> None:
    answer = till.send("POST", "/orders", json=body)
    if answer.status_code != 201:
        assert_problem(answer, 400, "INVALID_REQUEST")


def test_a_fault_of_the_kiosk_is_500_in_the_same_shape(till: Till) -> None:
    Base.metadata.drop_all(db.engine)
    assert_problem(till.send("GET", "/menu"), 500, "INTERNAL_ERROR")


def test_every_error_and_failure_has_a_status() -> None:
    assert set(STATUS_OF_ERROR) == set(KioskError.__subclasses__())
    assert set(STATUS_OF_FAILURE) == set(FailureCode)
