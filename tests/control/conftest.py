"""What the tests of the control API share: a desk in this process, and sandboxes of a live server."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from payments_mock.settings import Settings
from testkit.processes import running_server
from testkit.sandbox import Sandbox
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def paid(desk: Desk) -> SandboxDesk:
    """Lend a sandbox in which a payment was created and confirmed."""
    sandbox = desk.sandbox()
    sandbox.shop().pay()
    return sandbox


@pytest.fixture
def struck(desk: Desk) -> SandboxDesk:
    """Lend a sandbox in which a payment was created twice under different keys, once struck by a fault."""
    sandbox = desk.sandbox()
    sandbox.arm("error", code="NOT_FOUND", name="lost")
    body = {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}
    for press in ("press-1", "press-2"):
        headers = {"Idempotency-Key": press, "X-Terminal": "7"}
        sandbox.shop().call("POST", "/v1/payments", json=body, headers=headers)
    return sandbox


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture(params=["kiosk", "toss"])
def sandbox(url: str, request: pytest.FixtureRequest) -> Sandbox:
    return Sandbox.on(url, request.param)


@pytest.fixture
def kiosk(url: str) -> Sandbox:
    return Sandbox.on(url, "kiosk")


@pytest.fixture
def toss(url: str) -> Sandbox:
    return Sandbox.on(url, "toss")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads
