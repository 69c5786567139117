"""The merchant's HTTP server."""

import json
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from tests.certify.merchant.charging import Redirect, RefusedError
from tests.certify.merchant.shop import Shop

Answer = tuple[int, Mapping[str, Any]]


class Pages:
    """What each path does with the shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.actions: Final[Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Answer]]] = {
            ("POST", "/returned"): self.returned,
            ("POST", "/reconcile"): self.reconcile,
            ("POST", "/reset"): self.reset,
        }
        self.actions_of_order: Final[Mapping[tuple[str, str], Callable[[str, Mapping[str, Any]], Answer]]] = {
            ("GET", ""): lambda order_id, _: (200, shop.show(shop.find(order_id))),
            ("POST", "pay"): lambda order_id, _: (200, shop.show(shop.pay(order_id))),
            ("POST", "refund"): self.refund,
        }

    def answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Answer a request."""
        try:
            told = json.loads(body or b"{}")
            if (method, path) == ("POST", "/orders"):
                return self.place(told, headers["cookie"])
            if (method, path) == ("POST", "/webhooks"):
                return self.shop.hear(body, told, headers), {}
            if (method, path) in self.actions:
                return self.actions[method, path](told)
            base, order_id, act, *_ = [*path.strip("/").split("/"), "", ""]
            if base == "orders" and (method, act) in self.actions_of_order:
                return self.actions_of_order[method, act](order_id, told)
            raise RefusedError(404, "there is no such page")
        except RefusedError as refusal:
            return refusal.status, {"error": str(refusal)}

    def place(self, told: Mapping[str, Any], shopper: str) -> Answer:
        """Place an order."""
        return 200, self.shop.show(self.shop.place(told["item"], shopper))

    def returned(self, told: Mapping[str, Any]) -> Answer:
        """Take the shopper who comes back from the window."""
        redirect = Redirect(told["paymentKey"], told["orderId"], int(told["amount"]))
        return 200, self.shop.show(self.shop.returned(redirect))

    def refund(self, order_id: str, told: Mapping[str, Any]) -> Answer:
        """Give money back."""
        return 200, self.shop.show(self.shop.refund(order_id, told.get("amount"), told["reason"]))

    def reconcile(self, _: Mapping[str, Any]) -> Answer:
        """Run the job."""
        self.shop.reconcile()
        return 200, {}

    def reset(self, _: Mapping[str, Any]) -> Answer:
        """Forget everything."""
        self.shop.book.clear()
        return 200, {}


class Server(ThreadingHTTPServer):
    """Listens for shoppers and for the provider."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, shop: Shop) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.pages = Pages(shop)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.shopper = headers.setdefault("cookie", f"shopper={uuid.uuid4().hex}")
        # A mutant may fall over, as merchants do: the shopper sees a 500 then, and the server goes on.
        try:
            status, shown = self.server.pages.answer(self.command, urlsplit(self.path).path, body, headers)
        except Exception:
            self._send(500, {"error": "the shop fell over"})
            raise
        self._send(status, shown)

    def _send(self, status: int, shown: Mapping[str, Any]) -> None:
        content = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", self.shopper)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet; the provider's journal tells what was asked."""
