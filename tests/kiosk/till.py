"""A kiosk inside the test: its buttons over the test client, and its parts within reach."""

from collections.abc import Sequence
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.kiosk.catalog import MenuEntry
from payments_mock.kiosk.lifecycle import OrderEvent
from payments_mock.kiosk.services import Services
from payments_mock.kiosk.tables import Order

MENU = (MenuEntry("cola", "Cola", 2_500, 3), MenuEntry("popcorn", "Popcorn", 6_000, 2))
COLA = {"id": "cola", "quantity": 1}


class Till:
    """One kiosk, used by one test."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.services: Services = app.extensions["kiosk"]
        self.leases = self.services.leases

    def send(self, method: str, path: str, **request: Any) -> TestResponse:
        return self.app.test_client().open(path, method=method, buffered=True, **request)

    def place(self, items: Sequence[dict[str, Any]] = (COLA,)) -> str:
        answer = self.send("POST", "/orders", json={"items": items})
        assert answer.status_code == 201, answer.text
        order_id: str = answer.json["id"]
        return order_id

    def pay(self, order_id: str) -> TestResponse:
        return self.send("POST", f"/orders/{order_id}/pay")

    def refund(self, order_id: str) -> TestResponse:
        return self.send("POST", f"/orders/{order_id}/refund")

    def look(self, order_id: str) -> dict[str, Any]:
        answer = self.send("GET", f"/orders/{order_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def stored(self, order_id: str) -> Order:
        with self.app.app_context():
            return self.services.book.find(order_id)

    def stock(self, item_id: str) -> tuple[int, int]:
        """Return how many pieces are on the shelf, and how many of them may be sold."""
        menu = {item["id"]: item for item in self.send("GET", "/menu").json["items"]}
        return menu[item_id]["stock"], menu[item_id]["available"]

    def die_while_paying(self, order_id: str, *, confirm_sent: bool) -> None:
        """Leave the order as a process does that is killed before, or after, it sends the confirm."""
        with self.app.app_context():
            lease = self.leases.begin(order_id, OrderEvent.PAY)
            assert lease is not None
            if confirm_sent:
                assert self.leases.mark_sent(lease)

    def die_while_refunding(self, order_id: str) -> None:
        """Leave the order as a process does that is killed during a refund."""
        with self.app.app_context():
            assert self.leases.begin(order_id, OrderEvent.REFUND, "USER_REQUEST") is not None
