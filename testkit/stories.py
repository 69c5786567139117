"""The stories of the orders that scenarios leave behind, as the running server tells them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from testkit.sandbox import send

MOST_ORDERS = 200


class StoryKeeper:
    """Writes down each order that a scenario has touched, with the scenario that runs it again.

    Sandboxes that are new belong to the scenario. In those that everybody shares, events tell its orders.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        self._shared = {sandbox["id"] for sandbox in self._control("sandboxes")["sandboxes"]}
        self._seq = self._control(f"events?sandbox={','.join(self._shared)}")["seq"]

    def keep(self, scenario: str) -> None:
        """Write the stories down, each in a file of its own."""
        for sandbox in self._control("sandboxes")["sandboxes"]:
            name = sandbox["id"]
            orders = self._orders_of_events(name) if name in self._shared else self._all_orders(name)
            # What a call names that no order can be called is in no address either.
            for order_id in filter(str.isprintable, orders):
                told = self._control(f"sandboxes/{name}/orders/{quote(order_id, safe='')}")
                if told["calls"] or told["payments"]:
                    self._write({"scenario": scenario, "contract": sandbox["contract"], "order": told})

    def _all_orders(self, sandbox: str) -> list[str]:
        listed = self._control(f"sandboxes/{sandbox}/orders?limit={MOST_ORDERS}")["orders"]
        return [order["orderId"] for order in listed]

    def _orders_of_events(self, sandbox: str) -> list[str]:
        news = self._control(f"events?sandbox={sandbox}&after={self._seq}&limit=1000")["events"]
        return list(dict.fromkeys(one["orderId"] for one in news if one["orderId"]))

    def _write(self, story: Mapping[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{len(list(self._folder.iterdir())):05}.json"
        place.write_text(json.dumps(story, ensure_ascii=False), encoding="utf-8")

    def _control(self, path: str) -> Any:
        answer = send("GET", f"{self._url}/control/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()
