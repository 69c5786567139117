"""What is sent: the operations of a contract as request bytes, and the payments they need."""

import base64
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

AMOUNT = 10_000


@dataclass(frozen=True)
class Payment:
    """A payment by its key and its order; every one costs the same amount of KRW."""

    key: str
    order: str


class Stage(Enum):
    """How far a payment has come, as far as the bench needs to know."""

    UNKNOWN = "not created"
    CREATED = "created"
    APPROVED = "approved"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Operation:
    """An operation to measure, with the stage a payment needs and the stage it is left in."""

    name: str
    needs: Stage
    leaves: Stage

    @property
    def consumes(self) -> bool:
        """Whether a payment can be sent only once."""
        return self.needs is not self.leaves


CREATE = Operation("create", Stage.UNKNOWN, Stage.CREATED)
CONFIRM = Operation("confirm", Stage.CREATED, Stage.APPROVED)
GET = Operation("get", Stage.APPROVED, Stage.APPROVED)
CANCEL = Operation("cancel", Stage.APPROVED, Stage.CANCELED)

LIFECYCLE = (CREATE, CONFIRM, GET, CANCEL)
"""In the order in which one operation's round prepares the payments of the next."""


def encode(
    method: str, path: str, host: str, authorization: str = "", body: object = None, key: str = ""
) -> bytes:
    """Return one HTTP/1.1 request, with an idempotency key if one is given."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept: application/json"]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    if key:
        lines.append(f"Idempotency-Key: {key}")
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass(frozen=True)
class KioskContract:
    """The kiosk contract's requests, signed with one secret key, and with idempotency keys or none."""

    secret_key: str = "test_sk_dummy"
    is_keyed: bool = False

    def request(self, operation: Operation, payment: Payment, host: str) -> bytes:
        """Return the bytes of one operation on one payment."""
        method, path, body = self._parts(operation, payment)
        credentials = base64.b64encode(f"{self.secret_key}:".encode()).decode()
        key = f"{operation.name}-{payment.key}" if self.is_keyed else ""
        return encode(method, path, host, f"Basic {credentials}", body, key)

    def _parts(self, operation: Operation, payment: Payment) -> tuple[str, str, object]:
        named = {"paymentKey": payment.key, "orderId": payment.order, "amount": AMOUNT}
        parts: dict[Operation, tuple[str, str, object]] = {
            CREATE: ("POST", "/v1/payments", named),
            CONFIRM: ("POST", "/v1/payments/confirm", named),
            GET: ("GET", f"/v1/payments/{payment.key}", None),
            CANCEL: ("POST", f"/v1/payments/{payment.key}/cancel", {"cancelReason": "USER_REQUEST"}),
        }
        return parts[operation]


class Stock:
    """The payments one server holds, by stage; keys and picks are scattered over the whole index."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._held: dict[Stage, list[Payment]] = {stage: [] for stage in Stage}

    def add(self, stage: Stage, payments: Iterable[Payment]) -> None:
        """Put payments in that the server already holds."""
        self._held[stage].extend(payments)

    def take(self, operation: Operation, most: int) -> list[Payment]:
        """Return up to `most` payments that the operation can be sent for, picked at random."""
        if operation.needs is Stage.UNKNOWN:
            return [self.new() for _ in range(most)]
        held = self._held[operation.needs]
        if not operation.consumes:
            return self._random.choices(held, k=most) if held else []
        taken = min(most, len(held))
        self._move_picks_to_the_end(held, taken)
        return held[: -taken - 1 : -1]

    def settle(self, operation: Operation, sent: Sequence[Payment]) -> None:
        """Move the first of the payments just taken, those that were sent, to the stage they reached."""
        if not operation.consumes or not sent:
            return
        if operation.needs is not Stage.UNKNOWN:
            del self._held[operation.needs][-len(sent) :]
        self._held[operation.leaves].extend(sent)

    def new(self) -> Payment:
        """Return a payment that no server knows."""
        number = self._random.getrandbits(64)
        return Payment(f"{number:016x}-key", f"{number:016x}-order")

    def _move_picks_to_the_end(self, held: list[Payment], count: int) -> None:
        for end in range(len(held) - 1, len(held) - 1 - count, -1):
            pick = self._random.randint(0, end)
            held[pick], held[end] = held[end], held[pick]
