"""What is loaded when somebody first asks for it answers as if it had always been there."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from werkzeug.test import TestResponse

from payments_mock.app import create_app
from payments_mock.database import TemporaryDatabase
from payments_mock.http.application import Application
from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.clock import MovableClock
from testkit.inside.database import close_connections
from testkit.inside.shop import PAYMENT, basic

KIOSK = {"Authorization": basic("test_sk_kiosk_late:")}
TOSS = {"Authorization": basic("test_sk_toss_late:")}
NOBODY = {"Authorization": basic("test_sk_nobody:")}
CLOCK = MovableClock()
DIFFERING = {"X-TossPayments-Trace-Id", "Date"}
"""Headers that are another in every answer."""

PREFLIGHT = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}

CALLS: list[tuple[str, str, Mapping[str, str]]] = [
    ("GET", "/control/sandboxes", {}),
    ("DELETE", "/control/sandboxes", {}),
    ("GET", "/control/sandboxs", {}),
    ("GET", "/control/sandboxes/kiosk/journal", {}),
    ("GET", "/control/sandboxes/kiosk/clock", {}),
    ("GET", "/receipts/pay_123?token=x", {}),
    ("POST", "/receipts/pay_123", {}),
    ("GET", "/receipts/-/receipt.css", {}),
    ("GET", "/openapi.json", {}),
    ("GET", "/openapi.json?contract=toss", {}),
    ("HEAD", "/docs", {}),
    ("GET", "/docs/", {}),
    ("GET", "/favicon.ico", {}),
    ("GET", "/v2/standard", {}),
    ("GET", "/v1", {}),
    ("PUT", "/v1/payment", TOSS),
    ("GET", "/checkout/billing?token=x", {}),
    ("OPTIONS", "/checkout/sessions", PREFLIGHT),
    ("GET", "/checkout/widgets/methods", {}),
    ("GET", "/v1/payments/pay_123/checkout", KIOSK),
    ("OPTIONS", "/v1/payments/confirm", PREFLIGHT),
    ("OPTIONS", "/v1/payments", {}),
    ("GET", "/v1/payments/pay_123", {}),
    ("HEAD", "/v1/payments/pay_123", KIOSK),
    ("GET", "/v1/payments/pay_123", TOSS),
    ("GET", "/v1/payments/pay_123", NOBODY),
    ("GET", "/v1/transactions", NOBODY),
    ("GET", "/v1/transactions", KIOSK),
    ("PUT", "/v1/payments/confirm", KIOSK),
    ("PUT", "/v1/payments/confirm", TOSS),
    ("PUT", "/v1/payments/confirm", {}),
    ("PATCH", "/health", {}),
    ("GET", "/nowhere", {}),
    ("GET", "/nowhere", TOSS),
    ("GET", "/v1/nowhere", KIOSK),
    ("GET", "/v1/payments/pay_123/nowhere", TOSS),
]


MERCHANTS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_kiosk_late",)),
    MerchantSettings("toss", contract="toss", secret_keys=("test_sk_toss_late",)),
)


def ask(app: Application, method: str, path: str, headers: Mapping[str, str]) -> TestResponse:
    return app.test_client().open(path, method=method, headers=headers)


def told(response: TestResponse) -> tuple[Any, ...]:
    """Return all of an answer that does not differ from call to call."""
    with response:
        headers = [(name, value) for name, value in response.headers if name not in DIFFERING]
        return response.status, headers, response.get_data()


def loads_of(app: Application) -> list[int]:
    """Have a list get an entry whenever a part is loaded."""
    loads: list[int] = []

    @contextmanager
    def noted() -> Iterator[None]:
        loads.append(1)
        yield

    app.while_loading = noted
    return loads


@contextmanager
def new_app() -> Iterator[Application]:
    """Make an application that has seen no call yet; nobody was there before it, so it need not look."""
    database = TemporaryDatabase()
    settings = Settings(database_url=database.url, is_temporary=True, log_format="none", merchants=MERCHANTS)
    app = create_app(settings, CLOCK)
    yield app
    close_connections(app)
    database.remove()


@pytest.fixture
def late_app() -> Iterator[Application]:
    with new_app() as app:
        yield app


@pytest.fixture(scope="module")
def whole_app() -> Iterator[Application]:
    """Make an application that has everything before its first call."""
    with new_app() as app:
        app.load_parts()
        yield app


@pytest.mark.parametrize(("method", "path", "headers"), CALLS)
def test_the_first_call_is_answered_as_if_everything_were_loaded(
    late_app: Application,
    whole_app: Application,
    method: str,
    path: str,
    headers: Mapping[str, str],
) -> None:
    first = told(ask(late_app, method, path, headers))
    second = told(ask(late_app, method, path, headers))

    assert first == second == told(ask(whole_app, method, path, headers))


def test_a_path_that_nothing_answers_loads_no_pages(late_app: Application) -> None:
    ask(late_app, "GET", "/nowhere", KIOSK)

    assert late_app.blueprints.keys() == {"health"}


def test_threads_that_ask_at_once_load_a_part_once(late_app: Application) -> None:
    loads = loads_of(late_app)
    start = Barrier(8)

    def call(number: int) -> int:
        start.wait()
        path = "/control/sandboxes" if number % 2 else "/v1/payments/pay_123"
        return ask(late_app, "GET", path, KIOSK).status_code

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(call, range(8)))

    assert answered == [404, 200] * 4
    assert len(loads) == len({"what comes first", "the kiosk contract", "the control API"})


def test_what_is_loaded_is_not_loaded_again(late_app: Application) -> None:
    ask(late_app, "GET", "/control/sandboxes", {})
    loads = loads_of(late_app)

    ask(late_app, "GET", "/control/clock", {})
    ask(late_app, "GET", "/control/sandboxes/kiosk", {})

    assert loads == []


def test_a_payment_is_made_by_the_first_call(late_app: Application) -> None:
    response = late_app.test_client().post("/v1/payments", json=PAYMENT, headers=KIOSK)

    assert response.status_code == 200
    assert response.json == {"paymentKey": "pay_123", "orderId": "order_123", "status": "INITIATED"}


def test_nobody_else_changes_it_after_the_first_call(late_app: Application) -> None:
    ask(late_app, "GET", "/control/sandboxes", {})

    with pytest.raises(AssertionError, match="can no longer be called"):
        late_app.add_url_rule("/late", view_func=lambda: "late")
