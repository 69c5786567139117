"""Random junk at every route: no 5xx, no traceback, and JSON with a code and a message under /v1."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from testkit.credentials import basic
from testkit.junk import KINDS, Junk, Route
from testkit.processes import running_server
from testkit.provider_client import Payment, Provider
from testkit.wire import RawAnswer, RawRequest, exchange

REQUESTS_OF_A_KIND = 400
PAGES = (
    "/receipts/{paymentKey}",
    "/health",
    "/openapi.json",
    "/docs",
    "/",
    "/v1",
    "/v1/nowhere/{paymentKey}",
)


class Server:
    """The provider under test; its log is None where it runs elsewhere."""

    def __init__(self, url: str, log: Path | None) -> None:
        self.url = url
        self._log = log

    @property
    def log(self) -> str:
        """Return what the server wrote to stderr so far."""
        return self._log.read_text(errors="replace") if self._log else ""


@pytest.fixture(scope="module")
def server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = pytestconfig.getoption("--provider-url")
    if running:
        yield Server(running.rstrip("/"), None)
        return
    folder = tmp_path_factory.mktemp("junk")
    with running_server([sys.executable, "-m", "payments_mock", "serve", "--port", "0"], folder) as process:
        yield Server(process.url, folder / "stderr")


@pytest.fixture
def provider(server: Server, pytestconfig: pytest.Config) -> Iterator[Provider]:
    """Return a well-behaved client, to look after the server with."""
    with Provider(server.url, basic(pytestconfig.getoption("--secret-key"))) as client:
        yield client


@pytest.fixture
def payment(provider: Provider) -> Payment:
    """Return a payment that exists, so that junk can meet it."""
    known = Payment(10_000)
    assert provider.create(known).status == 200
    return known


def routes_of(provider: Provider) -> list[Route]:
    """Return every operation that the server documents, and its pages."""
    paths: dict[str, dict[str, object]] = provider.send("GET", "/openapi.json").body["paths"]
    documented = [
        Route(method.upper().encode(), path) for path, methods in paths.items() for method in methods
    ]
    return [*documented, *(Route(b"GET", page) for page in PAGES)]


def complaint(request: RawRequest, answer: RawAnswer | None) -> str | None:
    """Return what is wrong with an answer to junk, None if nothing."""
    if answer is None:
        return f"no answer: {request}" if request.whole else None
    if answer.status >= 500:
        return f"{answer.status}: {request}"
    if request.target.startswith(b"/v1") and request.method != b"HEAD" and not is_of_the_contract(answer):
        return f"{answer.status} {answer.media_type} {answer.body[:200]!r}: {request}"
    return None


def is_of_the_contract(answer: RawAnswer) -> bool:
    """Tell whether an answer is JSON and, unless it is a 200, has a code and a message.

    A script for browsers lives under /v1 too.
    """
    if (answer.status, answer.media_type) == (200, "text/javascript"):
        return True
    if answer.media_type != "application/json":
        return False
    body = json.loads(answer.body)
    return answer.status == 200 or {"code", "message"} <= {
        name for name, value in body.items() if isinstance(value, str) and value
    }


@pytest.mark.parametrize("kind", KINDS)
def test_junk_is_refused_politely(kind: str, server: Server, provider: Provider, payment: Payment) -> None:
    junk = Junk(kind, routes_of(provider), str(provider.authorization).encode(), payment)
    requests = junk.requests(kind, REQUESTS_OF_A_KIND)
    complaints = [complaint(request, exchange(server.url, request)) for request in requests]
    assert [text for text in complaints if text] == []
    assert "Traceback" not in server.log
    assert provider.look_up(payment).status == 200
