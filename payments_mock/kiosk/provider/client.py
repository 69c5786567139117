"""The one place that speaks to the payment provider."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from payments_mock.kiosk.provider.answers import (
    Approved,
    Canceled,
    Charge,
    Created,
    NotSent,
    ProviderPayment,
    RefusalRule,
    Refused,
    Reply,
    Unknown,
    parse,
)

LARGEST_ANSWER = 1024 * 1024
PIECE = 16 * 1024


class ProviderClient(ABC):
    """Speaks to the provider at `base_url`; each contract says what to send, and what comes back.

    `timeout`, in seconds, bounds the wait for a connection, and again the wait for the answer. No call
    raises: what went wrong is part of the answer, because it decides what the kiosk may do next.
    """

    refusals: ClassVar[RefusalRule]
    """How the contract refuses."""

    needs_window: ClassVar[bool] = False
    """Whether the shopper has to authenticate in the provider's window before a confirm."""

    def __init__(self, base_url: str, secret_key: str, timeout: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._secret_key = secret_key
        self._timeout = timeout

    @property
    def longest_call(self) -> float:
        """Return how many seconds one call may take: connecting, then waiting for all of the answer."""
        return 3 * self._timeout

    @abstractmethod
    def create(self, charge: Charge) -> Created | Refused | NotSent | Unknown:
        """Make the payment known to the provider; this charges nobody, and may be repeated."""

    @abstractmethod
    def confirm(self, charge: Charge) -> Approved | Refused | NotSent | Unknown:
        """Charge the shopper; with the same charge it may be repeated and charges once."""

    @abstractmethod
    def cancel(self, charge: Charge, reason: str, request_id: str) -> Canceled | Refused | NotSent | Unknown:
        """Give all of the money back; a second time is refused.

        `request_id` names this very request, where a contract has a use for it.
        """

    @abstractmethod
    def find(self, charge: Charge) -> ProviderPayment | Refused | NotSent | Unknown:
        """Ask what became of a payment."""

    def show(self, payment_key: str) -> dict[str, Any] | Refused | NotSent | Unknown:
        """Return a payment in the provider's own words."""
        reply = self._call("GET", f"/v1/payments/{payment_key}")
        if not isinstance(reply, Reply):
            return reply
        answer = parse(reply) if reply.status == 200 else None
        return self.refusals.read(reply) if answer is None else answer

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        idempotency_key: str | None = None,
    ) -> Reply | NotSent | Unknown:
        # A connection of its own for each call: a kept one may be closed by the provider at the very
        # moment it is used, and then nobody could tell whether the request arrived.
        with requests.Session() as session:
            session.trust_env = False
            try:
                if idempotency_key is not None:
                    session.headers["Idempotency-Key"] = idempotency_key
                return self._exchange(session, method, path, body)
            except (requests.RequestException, HTTPError, OSError) as error:
                if _never_connected(error):
                    return NotSent(f"{method} {path}: the provider cannot be reached")
                return Unknown(f"{method} {path}: {_what_broke(error)}")

    def _exchange(
        self, session: requests.Session, method: str, path: str, body: Mapping[str, object] | None
    ) -> Reply | Unknown:
        deadline = time.monotonic() + 2 * self._timeout
        with session.request(
            method,
            self._base_url + path,
            json=body,
            auth=(self._secret_key, ""),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            content = _read(cast(HTTPResponse, response.raw), deadline)
        if content is None:
            return Unknown(f"{method} {path}: the answer was too long or too slow")
        return Reply(response.status_code, content)


def charge_body(charge: Charge) -> dict[str, object]:
    """Return the body that speaks of a charge."""
    return {"paymentKey": charge.payment_key, "orderId": charge.order_id, "amount": charge.amount}


def _read(stream: HTTPResponse, deadline: float) -> bytes | None:
    # The time-out of requests starts anew with every byte, so a trickle could hold the kiosk for ever.
    content = bytearray()
    while piece := stream.read1(PIECE):
        content += piece
        if len(content) > LARGEST_ANSWER or time.monotonic() > deadline:
            return None
    return bytes(content)


def _what_broke(error: Exception) -> str:
    late = isinstance(error, requests.Timeout | TimeoutError | ReadTimeoutError)
    return "no answer in time" if late else "the connection broke before the whole answer was there"


def _never_connected(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
