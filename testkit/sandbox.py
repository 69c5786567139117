"""A server process, its control API, and a merchant that calls it over real connections."""

import socket
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import requests

from testkit.credentials import basic

_numbers = count(1)


def send(method: str, url: str, seconds: float = 30, **options: Any) -> requests.Response:
    """Send one request on a connection of its own."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=seconds, **options)


@dataclass(frozen=True)
class Sandbox:
    """A sandbox of a live server."""

    url: str
    made: Mapping[str, Any]

    @classmethod
    def on(cls, url: str, contract: str) -> "Sandbox":
        answer = send("POST", f"{url}/control/sandboxes", json={"contract": contract})
        assert answer.status_code == 200, answer.text
        return cls(url, answer.json())

    @property
    def path(self) -> str:
        """Where the control API has the sandbox."""
        return f"/control/sandboxes/{self.made['id']}"

    def remove(self) -> None:
        """Delete the sandbox with all that happened in it."""
        send("DELETE", self.url + self.path)

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **options: Any
    ) -> requests.Response:
        """Call the control API for the sandbox, whatever it answers."""
        return send(method, f"{self.url}{self.path}/{path}", json=body, **options)

    def control(self, method: str, path: str, **fields: Any) -> Any:
        """Call the control API for the sandbox, which must go well, and return what it answers."""
        answer = self.ask(method, path, fields or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def arm(self, kind: str, moment: str, operation: str = "confirm", **effect: Any) -> None:
        match = {"operation": operation}
        self.control("POST", "faults", match=match, moment=moment, effect={"kind": kind, **effect})

    def await_fired(self, calls: int = 1, seconds: float = 20) -> None:
        """Return once the first armed fault has struck this many calls."""
        deadline = time.monotonic() + seconds
        while self.control("GET", "faults")["faults"][0]["fired"] < calls:
            assert time.monotonic() < deadline, f"no {calls} calls were struck within {seconds:g} seconds"
            time.sleep(0.02)

    def begin(self) -> dict[str, Any]:
        """Bring a payment as far as its confirm."""
        order = f"order_{next(_numbers):06}"
        if self.made["contract"] == "kiosk":
            begun = {"paymentKey": f"pay_{order}", "orderId": order, "amount": 10000}
            assert self.call("POST", "/v1/payments", begun).status_code == 200
            return begun
        wish = {"clientKey": self.made["clientKey"], "orderId": order, "orderName": "티셔츠"}
        wish |= {"amount": 10000, "method": "CARD"}
        answer = send("POST", f"{self.url}/control/checkouts", json=wish)
        assert answer.status_code == 200, answer.text
        return {name: answer.json()[name] for name in ("paymentKey", "orderId", "amount")}

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **options: Any
    ) -> requests.Response:
        auth = (self.made["secretKey"], "")
        return send(method, self.url + path, auth=auth, json=body, **options)

    def call_unread(self, path: str) -> socket.socket:
        """Send a look-up, and leave its answer in the connection, which the caller closes."""
        parts = urlsplit(self.url)
        connection = socket.create_connection((parts.hostname, parts.port), timeout=30)
        head = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        head += f"Authorization: {basic(self.made['secretKey'])}\r\n\r\n"
        connection.sendall(head.encode())
        return connection

    def confirm(self, begun: Mapping[str, Any], **options: Any) -> requests.Response:
        return self.call("POST", "/v1/payments/confirm", begun, **options)

    def state(self, begun: Mapping[str, Any]) -> str:
        """Return the state of a payment, in words that both contracts share."""
        return str(self.control("GET", f"payments/{begun['paymentKey']}")["state"])


def in_the_background(
    pool: ThreadPoolExecutor, sandbox: Sandbox, begun: Mapping[str, Any], **options: Any
) -> Future[requests.Response | requests.RequestException]:
    """Confirm in another thread; the result is the answer, or the exception that came instead."""

    def confirm() -> requests.Response | requests.RequestException:
        try:
            return sandbox.confirm(begun, **options)
        except requests.RequestException as error:
            return error

    return pool.submit(confirm)
