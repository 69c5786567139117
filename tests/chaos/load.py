"""Clients that live whole lives of payments, whatever happens to the server, and remember every answer."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from testkit.depth import depth

PATIENCE_SECONDS = 30.0
ANSWER_SECONDS = 10.0
AGAIN_SECONDS = 0.02
PAUSE_SECONDS = depth(120, 40) / 1000
AMOUNT = 10_000
PART = 3_000
PARTS = 2
LIVES = 2
STOPPING = "STOPPING"
IN_PROGRESS = "IDEMPOTENT_REQUEST_PROCESSING"
Json = dict[str, Any]


@dataclass
class Life:
    """One payment as its client knows it: the answers 200, by what was asked."""

    key: str
    answers: dict[str, Json] = field(default_factory=dict)


class StuckError(AssertionError):
    """A request had no answer for so long that something holds it."""


class Client(threading.Thread):
    """Lives one life after the other until told to stop; `refusals` are answers that no client should get.

    `outages` are codes of refusals that the server may give for a while, upon which a client asks again.
    """

    secret_key: str

    def __init__(self, url: str, number: int, outages: tuple[str, ...] = ()) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._number = number
        self._outages = {STOPPING, IN_PROGRESS, *outages}
        self._session = requests.Session()
        self._session.trust_env = False
        self._is_over = threading.Event()
        self.lives: list[Life] = []
        self.refusals: list[str] = []
        self.lost = 0
        self.refused: Counter[str] = Counter()

    def run(self) -> None:
        while not self._is_over.wait(PAUSE_SECONDS):
            try:
                self.live(f"{self._number}-{len(self.lives):06}")
            except StuckError as stuck:
                self.refusals.append(str(stuck))
                return

    def stop(self) -> None:
        """Let the life that has begun come to its end, and be done."""
        self._is_over.set()
        self.join(PATIENCE_SECONDS * 2)
        assert not self.is_alive()
        self._session.close()

    def live(self, name: str) -> None:
        raise NotImplementedError

    def ask(
        self, method: str, path: str, body: Json | None = None, key: str | None = None
    ) -> requests.Response:
        """Send a request again and again until it has an answer, as a merchant must."""
        headers = {} if key is None else {"Idempotency-Key": key}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self._send(method, path, body, headers)
            if answer is None:
                self.lost += 1
            elif (code := code_of(answer)) not in self._outages:
                return answer
            else:
                self.refused[str(code)] += 1
            # The next connection may lead to another worker, which must know all that this one knew.
            self._session.close()
            time.sleep(AGAIN_SECONDS)
        raise StuckError(f"{method} {path} had no answer for {PATIENCE_SECONDS} s")

    def _send(
        self, method: str, path: str, body: Json | None, headers: dict[str, str]
    ) -> requests.Response | None:
        try:
            return self._session.request(
                method,
                self._url + path,
                json=body,
                auth=(self.secret_key, ""),
                headers=headers,
                timeout=ANSWER_SECONDS,
            )
        except requests.RequestException:
            return None

    def keep(self, life: Life, what: str, answer: requests.Response, *fine: str) -> bool:
        """Remember an answer 200; returns whether the life goes on. A code that is `fine` goes on as well."""
        if answer.status_code == 200:
            life.answers[what] = answer.json()
            return True
        if code_of(answer) not in fine:
            self.refusals.append(f"{what} of {life.key}: {answer.status_code} {answer.text}")
            return False
        return True


def code_of(answer: requests.Response) -> str | None:
    """Return the code of a refusal, None where it is none."""
    return None if answer.status_code < 400 else answer.json().get("code")


class KioskClient(Client):
    """Creates, confirms, looks up and cancels, without idempotency keys."""

    secret_key = "test_sk_dummy"

    def live(self, name: str) -> None:
        life = Life(f"pay-{name}")
        self.lives.append(life)
        body: Json = {"paymentKey": life.key, "orderId": f"order-{name}", "amount": AMOUNT}
        path = f"/v1/payments/{life.key}"
        if (
            self.keep(life, "create", self.ask("POST", "/v1/payments", body))
            and self.keep(life, "confirm", self.ask("POST", "/v1/payments/confirm", body))
            and self.keep(life, "get", self.ask("GET", path))
        ):
            # Whoever repeats a cancel whose answer was lost hears that it is done.
            again = self.ask("POST", f"{path}/cancel", {"cancelReason": "CHANGED_MIND"})
            self.keep(life, "cancel", again, "ALREADY_CANCELED")


class TossClient(Client):
    """Confirms what a shopper agreed to and gives two parts of it back, each under an idempotency key."""

    secret_key = "test_sk_toss_dummy"
    client_key = "test_ck_toss_dummy"

    def live(self, name: str) -> None:
        order: Json = {"orderId": f"order-{name}", "amount": AMOUNT}
        wish = order | {"clientKey": self.client_key, "orderName": "셔츠", "method": "CARD"}
        begun = self.ask("POST", "/control/checkouts", wish)
        if begun.status_code != 200:
            self.refusals.append(f"checkout of {name}: {begun.status_code} {begun.text}")
            return
        life = Life(begun.json()["paymentKey"], {"checkout": begun.json()})
        self.lives.append(life)
        confirm = order | {"paymentKey": life.key}
        if not self.keep(
            life, "confirm", self.ask("POST", "/v1/payments/confirm", confirm, f"confirm-{name}")
        ):
            return
        for part in range(PARTS):
            cancel = {"cancelReason": "too many", "cancelAmount": PART}
            path = f"/v1/payments/{life.key}/cancel"
            if not self.keep(life, f"cancel {part}", self.ask("POST", path, cancel, f"cancel-{part}-{name}")):
                return


def wait_for_lives(clients: Sequence[Client]) -> float:
    """Wait until each client has lived some more lives, and return how many seconds that took."""
    began = time.monotonic()
    wanted = [len(client.lives) + LIVES for client in clients]
    while any(len(client.lives) < number for client, number in zip(clients, wanted, strict=True)):
        assert time.monotonic() - began < PATIENCE_SECONDS, [client.refusals for client in clients]
        time.sleep(0.01)
    return time.monotonic() - began
