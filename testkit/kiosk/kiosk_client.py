"""A kiosk screen's client of the kiosk: one verb a button."""

import json
from collections.abc import Mapping
from typing import Any

import requests

from testkit.answer import Answer

TIMEOUT_SECONDS = 30


class Kiosk:
    """Speaks to the kiosk at `url`; any number of threads may share it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def menu(self) -> dict[str, dict[str, Any]]:
        """Return the items for sale, by name."""
        answer = self.send("GET", "/menu")
        assert answer.status == 200, answer
        return {item["name"]: item for item in answer.body["items"]}

    def place(self, fields: Mapping[str, Any]) -> Answer:
        """Send a cart."""
        return self.post("/orders", fields)

    def pay(self, order_id: str) -> Answer:
        """Press Pay."""
        return self.send("POST", f"/orders/{order_id}/pay")

    def refund(self, order_id: str, **fields: Any) -> Answer:
        """Press Refund."""
        return self.post(f"/orders/{order_id}/refund", fields)

    def resolve(self, order_id: str) -> Answer:
        """Ask the kiosk to find out what became of the order."""
        return self.send("POST", f"/orders/{order_id}/resolve")

    def look(self, order_id: str) -> Answer:
        """Look at one order."""
        return self.send("GET", f"/orders/{order_id}")

    def listed(self, order_id: str) -> dict[str, Any]:
        """Return the order as the list has it: as stored, without asking the provider."""
        answer = self.send("GET", "/orders?limit=200")
        assert answer.status == 200, answer
        [order] = [order for order in answer.body["orders"] if order["id"] == order_id]
        return dict(order)

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        """Post `fields` as JSON."""
        return self.send("POST", path, json.dumps(fields).encode(), "application/json")

    def send(
        self, method: str, path: str, body: bytes | None = None, content_type: str | None = None
    ) -> Answer:
        """Send anything."""
        headers = {} if content_type is None else {"Content-Type": content_type}
        with requests.Session() as session:
            session.trust_env = False
            return Answer.of(
                session.request(method, self.url + path, headers=headers, data=body, timeout=TIMEOUT_SECONDS)
            )
