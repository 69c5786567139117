from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.shop import basic

ORDER = {
    "clientKey": "test_ck_toss",
    "orderId": "order-0001",
    "orderName": "1-팝콘",
    "amount": 68000,
    "successUrl": "http://localhost:3000/success",
    "failUrl": "http://localhost:3000/fail",
}
MERCHANTS = (
    MerchantSettings(
        "toss",
        contract="toss",
        secret_keys=("test_sk_toss", "test_gsk_toss"),
        client_keys=("test_ck_toss", "test_gck_toss"),
    ),
    MerchantSettings("kiosk", secret_keys=("test_sk_kiosk",), client_keys=("test_ck_kiosk",)),
)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none", merchants=MERCHANTS)


class Browser:
    """A browser as the server sees it: it opens sessions, looks at windows and sends decisions."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @property
    def client(self) -> FlaskClient:
        return self._app.test_client()

    def ask(self, headers: dict[str, str] | None = None, **values: Any) -> TestResponse:
        """Ask for a window, as a script on a page of another origin does."""
        origin = {"Origin": "http://shop.test", **(headers or {})}
        body = {name: value for name, value in {**ORDER, **values}.items() if value is not None}
        return self.client.post("/checkout/sessions", json=body, headers=origin)

    def open(self, **values: Any) -> str:
        """Ask for a window, and return its path with its token."""
        answer = self.ask(**values)
        assert answer.status_code == 200, answer.text
        return str(answer.json["windowPath"])  # type: ignore[index]

    def decide(self, path: str, action: str = "authenticate", **more: Any) -> TestResponse:
        parts = urlsplit(path)
        token = parse_qs(parts.query)["token"][0]
        body = {"token": token, "action": action, **more}
        if action == "authenticate":
            body.setdefault("selection", {"method": "CARD", "issuer": "41", "installmentMonths": 0})
        return self.client.post(f"{parts.path}/decisions", json=body)

    def payment(self, key: str = "test_sk_toss") -> dict[str, Any]:
        headers = {"Authorization": basic(f"{key}:")}
        found = self.client.get("/v1/payments/orders/order-0001", headers=headers).json
        assert found is not None
        return dict(found)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)
