"""What a scenario knows: the kiosk it stands at, its order, and the stock it began with."""

from typing import Any

from testkit.answer import Answer
from testkit.kiosk.kiosk_client import Kiosk
from testkit.kiosk.restartable import RestartableKiosk

Goods = dict[str, int]
"""Quantities by name on the menu."""


class Scene:
    """One shopper at one kiosk."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.stock_before = self.stock("stock")
        self.cart: Goods = {}
        self.order_id = ""
        self.placed: list[str] = []
        self.process: RestartableKiosk | None = None

    def stock(self, which: str) -> Goods:
        """Return how many pieces of each item are in `stock` (on the shelf) or `available`."""
        return {name: item[which] for name, item in self.kiosk.menu().items()}

    def lines(self, goods: Goods) -> list[dict[str, Any]]:
        """Return `goods` as the lines of a cart."""
        menu = self.kiosk.menu()
        return [{"id": menu[name]["id"], "quantity": quantity} for name, quantity in goods.items()]

    def place(self, goods: Goods) -> Answer:
        """Order `goods`, and remember the order so that it can be refunded in the end."""
        answer = self.kiosk.place({"items": self.lines(goods)})
        assert answer.status == 201, answer
        self.placed.append(answer.body["id"])
        return answer

    def order(self) -> None:
        """Order the cart."""
        self.order_id = self.place(self.cart).body["id"]

    def stored(self) -> dict[str, Any]:
        """Return the scenario's order as the kiosk has it stored."""
        return self.kiosk.listed(self.order_id)

    def gone(self, which: str) -> Goods:
        """Return how many pieces of each item the scenario has made disappear so far."""
        now = self.stock(which)
        return {
            name: self.stock_before[name] - now[name] for name in now if self.stock_before[name] != now[name]
        }

    def tidy(self) -> None:
        """Give everything back that was paid, so that the next scenario finds the shelves full."""
        for order_id in self.placed:
            answer = self.kiosk.look(order_id)
            if answer.body["status"] in {"PAID", "REFUND_PENDING"}:
                self.kiosk.refund(order_id)
