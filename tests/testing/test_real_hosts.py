"""The fixture `real_hosts`, by which a test's own process reaches the provider at the real addresses."""

# pytester forgets what was first imported in a suite that it ran, and cryptography can't be imported twice.
import payments_mock.intercept.session  # noqa: F401

pytest_plugins = ["pytester"]

TOSS = """
import os
import socket
import pytest
import requests

pytestmark = pytest.mark.payments_mock(contract="toss")
CONFIRM = "https://api.tosspayments.com/v1/payments/confirm"

def body_of(paid):
    return {name: paid[name] for name in ("paymentKey", "orderId", "amount")}
"""


def test_a_client_in_the_process_reaches_the_sandbox_at_the_real_address(run) -> None:
    run(
        TOSS
        + """
def test_it(sandbox, real_hosts):
    body = body_of(sandbox.shopper.pays("order_1", 15000))
    answer = requests.post(CONFIRM, json=body, auth=(sandbox.secret_key, ""), timeout=10)
    assert answer.json()["status"] == "DONE"
    sandbox.journal.assert_called("confirm", count=1, order_id="order_1")
"""
    ).assert_outcomes(passed=1)


def test_faults_survive(run) -> None:
    run(
        TOSS
        + """
def test_it(sandbox, real_hosts):
    body = body_of(sandbox.shopper.pays("order_1", 15000))
    sandbox.faults.lose_answer("confirm")
    with pytest.raises(requests.ConnectionError, match="closed connection without response"):
        requests.post(CONFIRM, json=body, auth=(sandbox.secret_key, ""), timeout=10)
    sandbox.assert_state("order_1", "DONE")
"""
    ).assert_outcomes(passed=1)


def test_async_clients_are_led_too(run) -> None:
    run(
        TOSS
        + """
def test_it(sandbox, real_hosts):
    asyncio, httpx = pytest.importorskip("asyncio"), pytest.importorskip("httpx")
    async def call():
        async with httpx.AsyncClient(auth=(sandbox.secret_key, "")) as client:
            return await client.post(CONFIRM, json=body_of(sandbox.shopper.pays("order_1", 15000)))
    assert asyncio.run(call()).json()["status"] == "DONE"
"""
    ).assert_outcomes(passed=1)


def test_the_process_is_as_before_when_the_test_is_over(run) -> None:
    run(
        TOSS
        + """
@pytest.fixture
def before():
    marks = socket.getaddrinfo, socket.socket.connect, sorted(os.environ), os.environ.get("SSL_CERT_FILE")
    yield
    after = socket.getaddrinfo, socket.socket.connect, sorted(os.environ), os.environ.get("SSL_CERT_FILE")
    assert after == marks

def test_it(before, real_hosts):
    assert socket.getaddrinfo("js.tosspayments.com", 443)[0][4][0].startswith("127.")
"""
    ).assert_outcomes(passed=1)


def test_a_missing_extra_is_told_in_a_line(run) -> None:
    result = run(
        """
import sys
import pytest

@pytest.fixture
def without_it(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("payments_mock.intercept")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)

def test_it(without_it, real_hosts):
    pass
"""
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["the fixture real_hosts needs cryptography: pip install cryptography"])
