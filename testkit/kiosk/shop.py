"""A shop whose shoppers pay in the provider's window: what its pages and its shoppers' browsers do."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from testkit.answer import Answer
from testkit.checks import granted
from testkit.kiosk.kiosk_client import Kiosk
from testkit.kiosk.line import Exchange, Line
from testkit.kiosk.scene import Goods
from testkit.provider_client import Provider

CLIENT_KEY = "test_gck_toss_dummy"


class Clock:
    """The shop's time: the real one, as far ahead as a scenario put it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **by: float) -> None:
        """Let time pass without waiting for it."""
        self._ahead += timedelta(**by)


@dataclass
class Shop:
    """One shop, fresh for a scenario, with its line to the provider and the orders of the scenario."""

    kiosk: Kiosk
    line: Line
    provider: Provider
    clock: Clock
    database: Path
    client_key: str = CLIENT_KEY
    orders: list[dict[str, Any]] = field(default_factory=list)
    redirect: dict[str, str] = field(default_factory=dict)

    @property
    def order(self) -> dict[str, Any]:
        """Return the latest order, as it was when it was placed."""
        return self.orders[-1]

    @property
    def path(self) -> str:
        """Return the path of the latest order."""
        return f"/api/v1/orders/{self.order['orderId']}"

    def place(self, buyer: str, goods: Goods | None = None, seats: list[str] | None = None) -> Answer:
        """Press Order with `goods` by name and `seats` by id in the cart."""
        ids = {item["name"]["en"]: item["id"] for item in self.look("/api/v1/shop")["items"]}
        items = [{"id": ids[name], "quantity": quantity} for name, quantity in (goods or {}).items()]
        answer = self.kiosk.post("/api/v1/orders", {"buyer": buyer, "items": items, "seats": seats or []})
        if answer.status == 201:
            self.orders.append(answer.body)
        return answer

    def checkout(self, method: str = "카드", **outcome: str) -> dict[str, str]:
        """Let the shopper act in the window; return what the browser brings back to the shop."""
        wish = {
            "clientKey": self.client_key,
            "orderId": self.order["orderId"],
            "orderName": self.order["orderName"],
            "amount": self.order["amount"],
            "method": method,
            "outcome": outcome,
        }
        url = granted(self.provider.post("/control/checkouts", wish)).body["redirectUrl"]
        self.redirect = dict(parse_qsl(urlsplit(url).query))
        return self.redirect

    def confirm(self, path: str = "/api/v1/payments/confirm", **changes: Any) -> Answer:
        """Do what the success page does with the redirect, its text unchanged."""
        return self.kiosk.post(path, self.redirect | changes)

    def fail(self, told: Mapping[str, Any]) -> Answer:
        """Do what the fail page does."""
        return self.kiosk.post("/api/v1/payments/fail", told)

    def pay(self) -> Answer:
        """Go through the window, and confirm."""
        self.checkout()
        return self.confirm()

    def cancel(self, reason: str = "CHANGED_MIND") -> Answer:
        """Press Refund in the order book."""
        return self.kiosk.post(f"{self.path}/cancel", {"cancelReason": reason})

    def look(self, path: str) -> Any:
        """Return what the shop shows at `path`."""
        return granted(self.kiosk.send("GET", path)).body

    def stored(self) -> dict[str, Any]:
        """Return the latest order as the shop has it stored, without asking the provider."""
        orders = self.look("/api/v1/orders?limit=200")["orders"]
        [found] = [order for order in orders if order["orderId"] == self.order["orderId"]]
        return dict(found)

    def seat(self, seat_id: str) -> bool:
        """Tell whether a seat is free."""
        [seat] = [seat for seat in self.look("/api/v1/shop")["seats"] if seat["id"] == seat_id]
        return bool(seat["free"])

    def at_provider(self, order: Mapping[str, Any] | None = None) -> Answer:
        """Return what the provider itself says of an order."""
        return self.provider.send("GET", f"/v1/payments/orders/{(order or self.order)['orderId']}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds in the shop's own database."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def payments(self) -> int:
        """Return how many payments stand in the `payments` table."""
        return len(self.rows("SELECT payment_key FROM payments"))

    def sent(self, operation: str) -> list[Exchange]:
        """Return the requests of `operation` about this shop's orders that the shop sent so far."""
        mine = [order["orderId"] for order in self.orders]
        keys = {self.redirect.get("paymentKey", "none")}
        keys |= {self._key(exchange) for exchange in self.line.exchanges if self._is_about(exchange, mine)}
        return [
            exchange
            for exchange in self.line.exchanges
            if exchange.operation == operation
            and any(key in exchange.path or key.encode() in exchange.body for key in keys)
        ]

    @staticmethod
    def _is_about(exchange: Exchange, orders: list[str]) -> bool:
        return exchange.operation == "confirm" and exchange.fields["orderId"] in orders

    @staticmethod
    def _key(exchange: Exchange) -> str:
        return str(json.loads(exchange.body)["paymentKey"])
