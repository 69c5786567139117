"""Mutants that believe webhooks, count them twice, or turn them away."""

import json
from collections.abc import Mapping
from typing import Any

from tests.certify.merchant.orders import HAS_MONEY, Order, Status
from tests.certify.merchant.provider import Provider
from tests.certify.merchant.shop import SIGNATURE, SIGNED_EVENTS, Shop


def status_of(event: Mapping[str, Any]) -> str:
    """Return the status that an event tells."""
    data = event.get("data")
    told = data if isinstance(data, dict) else event
    return str(told.get("status"))


class BelievesDone(Shop):
    """A webhook that says DONE makes an order paid, whoever sent it."""

    own = frozenset({"forged-webhook/goods-once", "forged-webhook/paid-is-paid"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if status_of(event) != "DONE" or order.status not in (Status.OPEN, Status.PENDING):
            return super().take_hint(order, event)
        self.book.overwrite(order.id, **self.paid(order))
        return 200


class BelievesDoneOfAnyState(Shop):
    """A webhook that says DONE makes an order paid again that was refunded."""

    own = frozenset({"racing-webhook/paid-is-paid"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if status_of(event) != "DONE" or order.status is not Status.REFUNDED:
            return super().take_hint(order, event)
        self.book.overwrite(order.id, status=Status.PAID)
        return 200


class BelievesAborted(Shop):
    """A webhook that says ABORTED or EXPIRED fails an order, though it was paid meanwhile."""

    own = frozenset({"racing-webhook/money-not-kept"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if status_of(event) not in ("ABORTED", "EXPIRED"):
            return super().take_hint(order, event)
        self.book.overwrite(order.id, status=Status.FAILED)
        return 200


class BelievesCanceled(Shop):
    """A webhook that says CANCELED makes an order refunded, whoever sent it."""

    own = frozenset({"forged-webhook/money-not-kept", "forged-webhook/refund-is-true"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if status_of(event) != "CANCELED":
            return super().take_hint(order, event)
        self.book.overwrite(order.id, status=Status.REFUNDED, refunded=order.amount)
        return 200


class BelievesDepositCallback(Shop):
    """A deposit callback makes an order paid, without its secret being compared."""

    own = frozenset({"deposit/goods-once", "forged-webhook/goods-once"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        if "data" in event or status_of(event) != "DONE" or order.status is not Status.PENDING:
            return super().take_hint(order, event)
        self.book.overwrite(order.id, **self.paid(order))
        return 200

    def deposit_taken_back(self, order: Order) -> dict[str, Any]:
        """Wait for the next deposit; what was handed out is gone."""
        return {"status": Status.PENDING}


class DeliversForEachWebhook(Shop):
    """Hands the goods out again for each DONE that comes once more."""

    own = frozenset({"deposit/goods-once", "repeated-webhook/goods-once"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        answered = super().take_hint(order, event)
        now = self.find(order.id)
        is_done = "data" in event and status_of(event) == "DONE" and now.status in HAS_MONEY
        if is_done and order.id in self.told_done:
            self.book.overwrite(order.id, delivered=now.delivered + 1)
        elif is_done:
            self.told_done.append(order.id)
        return answered

    def __init__(self, provider: Provider, *, has_window: bool) -> None:
        super().__init__(provider, has_window=has_window)
        self.told_done: list[str] = []


class DeliversForEachKindOfEvent(Shop):
    """Hands the goods out for the deposit callback, and again for the change of status."""

    own = frozenset({"deposit/goods-once", "repeated-webhook/goods-once"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        answered = super().take_hint(order, event)
        now = self.find(order.id)
        if "data" not in event and status_of(event) == "DONE" and now.status in HAS_MONEY:
            self.book.overwrite(order.id, delivered=now.delivered + 1)
        return answered


class WantsSignatureOnAll(Shop):
    """Turns every event away that has no signature; payment events never have one."""

    own = frozenset({"forged-webhook/real-events-taken", "forged-webhook/strange-events-taken"})

    def is_genuine(self, body: bytes, event: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
        return self.has_signature(body, headers)


class SignsParsedBody(Shop):
    """Checks the signature over the body as parsed and written again."""

    own = frozenset({"signed-webhook/right-signature-taken"})

    def has_signature(self, body: bytes, headers: Mapping[str, str]) -> bool:
        return super().has_signature(json.dumps(json.loads(body)).encode(), headers)


class ChecksFirstSignatureOnly(Shop):
    """Compares the first of two signatures alone."""

    own = frozenset({"signed-webhook/right-signature-taken"})

    def signatures(self, headers: Mapping[str, str]) -> list[str]:
        return super().signatures(headers)[:1]


class TakesAnySignature(Shop):
    """Takes a signed event if it has a signature at all."""

    own = frozenset({"signed-webhook/wrong-signature-refused"})

    def has_signature(self, body: bytes, headers: Mapping[str, str]) -> bool:
        return bool(headers.get(SIGNATURE))


class FallsOverUnknownEvents(Shop):
    """Answers 500 to an event of a kind that it does not know."""

    own = frozenset({"forged-webhook/strange-events-taken"})

    def hear(self, body: bytes, event: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        kinds = {"PAYMENT_STATUS_CHANGED", *SIGNED_EVENTS}
        if "eventType" in event and event["eventType"] not in kinds:
            return 500
        return super().hear(body, event, headers)


class TurnsStrangersAway(Shop):
    """Answers 404 to an event about an order that it does not have, which then comes for days."""

    own = frozenset({"forged-webhook/strange-events-taken"})

    def answer_for_stranger(self, event: Mapping[str, Any]) -> int:
        return 404 if "orderId" in event.get("data", event) else 200


class IgnoresReversal(Shop):
    """Takes a deposit for good, though the bank has taken it back."""

    own = frozenset({"deposit/paid-is-paid"})

    def deposit_taken_back(self, order: Order) -> dict[str, Any]:
        return {}


class LetsOldEventsUndoRefunds(Shop):
    """Takes the balance of an event for the truth, so an old one undoes what was refunded since."""

    own = frozenset({"forged-webhook/refund-is-true"})

    def take_hint(self, order: Order, event: Mapping[str, Any]) -> int:
        answered = super().take_hint(order, event)
        data = event.get("data")
        if isinstance(data, dict) and order.status in {*HAS_MONEY, Status.REFUNDED}:
            refunded = order.amount - int(data.get("balanceAmount", order.amount - order.refunded))
            self.book.overwrite(order.id, refunded=refunded)
        return answered
