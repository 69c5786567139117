"""A path without variables is searched for once, and found as werkzeug finds it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from payments_mock.server.wsgi import base_environ, call_wsgi, make_environ
from payments_mock.storage.engine.database import database_of
from testkit.inside.shop import Shop

CALLS = 50
ROUNDS = 3
"""What a call leaves it leaves in every round; a thread of another test may leave something in one."""

PLAIN_PATHS = [
    ("GET", "/health"),
    ("POST", "/v1/payments"),
    ("PUT", "/v1/payments/confirm"),
    ("GET", "/nowhere"),
]


def call(app: Flask, method: str, path: str) -> int:
    scope = {
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "http_version": "1.1",
        "server": ("127.0.0.1", 9090),
        "client": None,
        "headers": [(b"host", b"127.0.0.1:9090")],
    }
    return call_wsgi(app.wsgi_app, make_environ(base_environ(False, False), scope)).status


@contextmanager
def garbage_kept() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_a_known_path_leaves_nothing_to_the_garbage_collector(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A driver collects what is written only once a second.
    monkeypatch.setattr(database_of(app), "is_probe_due", lambda: False)
    call(app, "GET", "/health")

    left = []
    with garbage_kept():
        for _ in range(ROUNDS):
            for _ in range(CALLS):
                call(app, "GET", "/health")
            left.append(gc.collect())

    assert min(left) < CALLS


@pytest.mark.parametrize(("method", "path"), PLAIN_PATHS)
def test_a_path_is_answered_the_same_when_it_is_known(app: Flask, method: str, path: str) -> None:
    assert call(app, method, path) == call(app, method, path)


def test_a_path_with_a_variable_is_searched_for_each_time(shop: Shop) -> None:
    shop.pay(paymentKey="pay_one", orderId="order_one")
    shop.pay(paymentKey="pay_two", orderId="order_two")

    found = [shop.call("GET", f"/v1/payments/{key}").json for key in ("pay_one", "pay_two", "pay_one")]

    assert [payment["paymentKey"] for payment in found] == ["pay_one", "pay_two", "pay_one"]


def test_each_method_of_a_path_has_its_own_answer(shop: Shop) -> None:
    statuses = [shop.call(method, "/v1/payments").status_code for method in ("PUT", "POST", "PUT", "POST")]

    assert statuses == [405, 400, 405, 400]
