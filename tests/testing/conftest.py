"""One provider in this process for all tests of the kit, and a pytest that runs a merchant's test file."""

import socket
from collections.abc import Iterator

import pytest

from payments_mock.testing import MockServer, Sandbox


# For every test: pytester forgets the modules that were first imported in a suite that it ran.
@pytest.fixture(scope="session", autouse=True)
def server() -> Iterator[MockServer]:
    with MockServer() as started:
        yield started


@pytest.fixture
def kiosk(server: MockServer) -> Iterator[Sandbox]:
    with server.sandbox() as made:
        yield made


@pytest.fixture
def toss(server: MockServer) -> Iterator[Sandbox]:
    with server.sandbox("toss") as made:
        yield made


@pytest.fixture
def deserted_url() -> str:
    """Return an address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


CALL = """
import requests
def create(sandbox, order_id):
    body = {"paymentKey": f"pay_{order_id}", "orderId": order_id, "amount": 1000}
    url = f"{sandbox.base_url}/v1/payments"
    return requests.post(url, json=body, auth=(sandbox.secret_key, ""), timeout=10)
"""


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Run a merchant's test file, and return what came of it."""

    def run_file(text: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(CALL + text)
        needless = ("cacheprovider", "hypothesispytest", "schemathesis", "anyio")
        without = [word for name in needless for word in ("-p", f"no:{name}")]
        return pytester.runpytest_inprocess(*without, *arguments)

    return run_file
