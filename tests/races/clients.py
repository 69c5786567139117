"""Merchants' clients with connections of their own, who call at the same moment again and again."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Barrier
from types import TracebackType
from typing import Any, Self

SECRET_KEY = "test_sk_toss_dummy"
CLIENT_KEY = "test_ck_toss_dummy"
TIMEOUT_SECONDS = 30.0
UNDER_WAY = "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"
"""What the provider says, with 500, while another confirm of the payment is under way."""


@dataclass(frozen=True)
class Answer:
    """The status of an answer, its bytes, and the code of the error, if it is one."""

    status: int
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def is_granted(self) -> bool:
        return self.status == 200

    @property
    def code(self) -> str:
        return "OK" if self.is_granted else str(self.fields["code"])

    @property
    def is_fault(self) -> bool:
        return self.status >= 500 and self.code != UNDER_WAY


class Client:
    """Speaks to the provider on one connection that is kept."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(address, timeout=TIMEOUT_SECONDS)
        self._credentials = base64.b64encode(f"{SECRET_KEY}:".encode()).decode()

    def call(self, method: str, path: str, fields: Mapping[str, Any] | None = None, **more: str) -> Answer:
        headers = {"Authorization": f"Basic {self._credentials}", "Content-Type": "application/json"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        self.connection.request(method, path, None if fields is None else json.dumps(fields), headers)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.read())

    def confirm(self, asked: Mapping[str, Any], **headers: str) -> Answer:
        return self.call("POST", "/v1/payments/confirm", asked, **headers)

    def cancel(self, payment_key: str, **fields: Any) -> Answer:
        return self.call("POST", f"/v1/payments/{payment_key}/cancel", {"cancelReason": "race"} | fields)

    def cancel_part(self, payment_key: str, amount: int, idempotency_key: str) -> Answer:
        """Cancel a part under an idempotency key."""
        fields = {"cancelReason": "race", "cancelAmount": amount}
        path = f"/v1/payments/{payment_key}/cancel"
        return self.call("POST", path, fields, Idempotency_Key=idempotency_key)

    def look_up(self, payment_key: str) -> dict[str, Any]:
        return self.granted(self.call("GET", f"/v1/payments/{payment_key}"))

    def act(self, payment_key: str, what: str) -> Answer:
        """Have the shopper do something, or time."""
        return self.call("POST", f"/control/sandboxes/toss/payments/{payment_key}/{what}", {})

    def check_out(self, order_id: str, amount: int = 10_000, **fields: Any) -> dict[str, Any]:
        """Let a shopper agree to pay; returns the body of the confirm."""
        order = {"orderId": order_id, "orderName": "셔츠", "amount": amount, "method": "CARD"} | fields
        begun = self.granted(self.call("POST", "/control/checkouts", order | {"clientKey": CLIENT_KEY}))
        return {name: begun[name] for name in ("paymentKey", "orderId", "amount")}

    @staticmethod
    def granted(answer: Answer) -> dict[str, Any]:
        assert answer.is_granted, answer
        return answer.fields


Call = Callable[[Client], Answer]


class Clients:
    """As many clients as calls that start together; they keep their threads from round to round."""

    def __init__(self, address: str, count: int) -> None:
        self._clients = [Client(address) for _ in range(count)]
        self._threads = ThreadPoolExecutor(count)
        self._gate = Barrier(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown()
        for client in self._clients:
            with closing(client.connection):
                pass

    @property
    def one(self) -> Client:
        """One of them, to arrange a round and to look at its end."""
        return self._clients[0]

    def at_once(self, calls: Sequence[Call]) -> list[Answer]:
        """Make a call by each client, all at once; none may be a fault of the server."""
        assert len(calls) == len(self._clients)

        def run(client: Client, call: Call) -> Answer:
            self._gate.wait(TIMEOUT_SECONDS)
            return call(client)

        answers = list(self._threads.map(run, self._clients, calls))
        assert [answer for answer in answers if answer.is_fault] == []
        return answers
