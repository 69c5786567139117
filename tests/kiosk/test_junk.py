"""Random junk at every route of a running kiosk: no 5xx, no traceback, JSON with a code and a message."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testkit.junk import KINDS, Junk, Route
from testkit.kiosk.kiosk_client import Kiosk
from testkit.processes import ServerProcess, running_server
from testkit.provider_client import Payment
from testkit.wire import RawAnswer, RawRequest, exchange

REQUESTS_OF_A_KIND = 150
ROUTES = [
    Route(method, path)
    for method, path in (
        (b"GET", "/health"),
        (b"GET", "/menu"),
        (b"GET", "/orders"),
        (b"POST", "/orders"),
        (b"GET", "/orders/{id}"),
        (b"POST", "/orders/{id}/pay"),
        (b"POST", "/orders/{id}/refund"),
        (b"POST", "/orders/{id}/resolve"),
        (b"GET", "/nowhere"),
        (b"GET", "/api/v1/shop"),
        (b"GET", "/api/v1/orders"),
        (b"POST", "/api/v1/orders"),
        (b"GET", "/api/v1/orders/{id}"),
        (b"GET", "/api/v1/orders/{id}/payment"),
        (b"POST", "/api/v1/orders/{id}/hold"),
        (b"POST", "/api/v1/orders/{id}/cancel"),
        (b"POST", "/api/v1/payments/confirm"),
        (b"POST", "/api/v1/payments/fail"),
        (b"POST", "/api/v1/payments/cancel"),
        (b"GET", "/api/v1/cancels"),
        (b"POST", "/api/v1/settlements/run"),
        (b"GET", "/api/v1/settlements"),
    )
]


class KioskJunk(Junk):
    """Junk around what the kiosk reads."""

    def _right_fields(self) -> dict[str, Any]:
        return {
            "items": [{"id": "cola", "quantity": 1}],
            "reason": "USER_REQUEST",
            "buyer": "Kim",
            "seats": ["A1"],
            "orderId": self.payment.order_id,
            "paymentKey": "pay_1",
            "amount": 2500,
            "code": "PAY_PROCESS_CANCELED",
            "orderName": "cola-콜라",
            "cancelReason": "USER_REQUEST",
        }


@pytest.fixture(scope="module")
def server(provider_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    command = [sys.executable, "-m", "payments_mock.kiosk", "--port", "0", "--provider", provider_url]
    folder: Path = tmp_path_factory.mktemp("kiosk")
    with running_server(command, folder) as server:
        yield server


def complaint(request: RawRequest, answer: RawAnswer | None) -> str | None:
    """Return what is wrong with an answer to junk, None if nothing."""
    if answer is None:
        return f"no answer: {request}" if request.whole else None
    if answer.status >= 500:
        return f"{answer.status}: {request}"
    if request.method not in {b"HEAD", b"OPTIONS"} and not is_of_the_kiosk(answer):
        return f"{answer.status} {answer.media_type} {answer.body[:200]!r}: {request}"
    return None


def is_of_the_kiosk(answer: RawAnswer) -> bool:
    """Tell whether an answer is JSON and, if it is an error, has a code and a message."""
    if answer.media_type != "application/json":
        return False
    body = json.loads(answer.body)
    return answer.status < 400 or {"code", "message"} <= body.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_junk_is_refused_politely(kind: str, server: ServerProcess) -> None:
    order_id = Kiosk(server.url).place({"items": [{"id": "cola", "quantity": 1}]}).body["id"]
    junk = KioskJunk(f"kiosk: {kind}", ROUTES, b"Basic eDo=", Payment(1, order_id, order_id))
    requests = junk.requests(kind, REQUESTS_OF_A_KIND)
    complaints = [complaint(request, exchange(server.url, request)) for request in requests]
    assert [text for text in complaints if text] == []
    assert "Traceback" not in server.stderr
