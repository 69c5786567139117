"""The provider's side of a run: the sandbox, what it holds of an order, its journal and its webhooks."""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import requests

from payments_mock.certify.description import Description
from payments_mock.testing.control_client import ControlClient, ControlError
from payments_mock.testing.sandbox import LONGEST_LIST, Sandbox

WELL_KNOWN: Final = {
    "kiosk": ("kiosk", "test_sk_dummy", ""),
    "toss": ("toss", "test_sk_toss_dummy", "test_ck_toss_dummy"),
}
"""Sandbox and keys that every test provider has, by contract."""
WIDGET_KEYS: Final = ("test_gsk_toss_dummy",)
"""Another key of the sandbox on the Toss contract."""

LONGEST_WAIT_SECONDS: Final = 60.0
"""How long the control API waits at most."""
IDLE_SECONDS: Final = 0.7
"""A merchant that has been quiet for this long has finished."""
LONGEST_UNREST_SECONDS: Final = 5.0
_LONGEST_DELIVERY_SECONDS: Final = 15.0
_RESENT_AFTER_SECONDS: Final = (0.0, 0.6, 1.2)
"""When webhooks that were not taken come again, each time after a longer pause."""
_APPROVED: Final = frozenset({"APPROVED", "PARTIALLY_CANCELED", "CANCELED"})


@dataclass(frozen=True)
class LedgerPayment:
    """A payment as the provider has it; amounts in won."""

    key: str
    order_id: str
    state: str
    amount: int
    balance: int
    was_approved: bool

    @property
    def held(self) -> int:
        """What the provider holds of it now."""
        return self.balance if self.was_approved and self.state != "CANCELED" else 0


@dataclass(frozen=True)
class Ledger:
    """All payments of one order at the provider."""

    payments: tuple[LedgerPayment, ...]

    @property
    def approved(self) -> int:
        """The sum that was ever taken."""
        return sum(one.amount for one in self.payments if one.was_approved)

    @property
    def held(self) -> int:
        """What the provider holds now."""
        return sum(one.held for one in self.payments)

    @property
    def cancelled(self) -> int:
        """What was given back."""
        return self.approved - self.held

    @property
    def key_with_money(self) -> str | None:
        """The key of the payment that has the order's money, else of its latest, if there is one."""
        held = [one.key for one in self.payments if one.held] or [one.key for one in self.payments]
        return held[-1] if held else None

    @property
    def charges(self) -> int:
        """How many payments have money now."""
        return sum(one.held > 0 for one in self.payments)


class ProviderSide:
    """The sandbox of a run; scenarios share it, each looks at its own orders."""

    def __init__(
        self, control: ControlClient, sandbox: Sandbox, description: Description, *, is_ours: bool
    ) -> None:
        self.control = control
        self.sandbox = sandbox
        self.ahead = timedelta()
        self._pattern = description.order_at_provider
        self._has_webhooks = description.webhook_url is not None
        self._is_ours = is_ours

    def now(self) -> datetime:
        """Return the time in the sandbox, as far as this run has moved it."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **length: float) -> None:
        """Move the sandbox's clock, and remember by how much."""
        self.sandbox.clock.advance(**length)
        self.ahead += timedelta(**length)

    def ledger(self, order_id: str) -> Ledger:
        """Return what the provider holds for an order, under whatever ids it was sent."""
        payments = [one for one in self._payments(order_id) if self._means(one["orderId"], order_id)]
        return Ledger(tuple(_payment(one) for one in payments))

    def _payments(self, order_id: str) -> list[dict[str, Any]]:
        if self._pattern == "{orderId}":
            return self.sandbox.payments(order_id)
        path = f"/sandboxes/{self.sandbox.id}/payments"
        found: list[dict[str, Any]] = []
        after = 0
        while True:
            page = self.control.call("GET", path, query={"after": after, "limit": LONGEST_LIST})["payments"]
            found += page
            if len(page) < LONGEST_LIST:
                return found
            after = page[-1]["number"]

    def _means(self, at_provider: str, order_id: str) -> bool:
        return re.fullmatch(self._pattern.replace("{orderId}", re.escape(order_id)), at_provider) is not None

    def trouble(self) -> str | None:
        """Return why the provider does not work, if it does not: then no verdict counts."""
        try:
            answer = requests.get(f"{self.control.base_url}/health", timeout=10)
        except requests.RequestException:
            return "the provider has gone"
        return None if answer.ok else f"the provider is not well: {' '.join(answer.text.split())}"

    def api(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call the provider as somebody else with the merchant's key does: its console, or an older program.

        Raises:
            ControlError: the provider refuses.
        """
        answer = requests.request(
            method,
            f"{self.control.base_url}{path}",
            json=body,
            auth=(self.sandbox.secret_key, ""),
            timeout=30,
        )
        content: dict[str, Any] = answer.json()
        if not answer.ok:
            raise ControlError(answer.status_code, content)
        return content

    def calls(self, order_ids: Iterable[str], payment_keys: Iterable[str]) -> list[dict[str, Any]]:
        """Return the journal's entries about these orders and payments, the oldest first."""
        named = [{"order_id": one} for one in order_ids] + [{"payment_key": one} for one in payment_keys]
        listed = [self.sandbox.journal.calls(limit=LONGEST_LIST, **match) for match in named]
        found = {entry["id"]: entry for entries in listed for entry in entries}
        return [found[number] for number in sorted(found)]

    def wait_for_strike(self, fault: str, seconds: float) -> None:
        """Wait until a call that a fault struck is over, whether or not the merchant still listens."""
        self.sandbox.journal.wait_for(fault=fault, seconds=seconds)

    def wait_until_idle(self, order_id: str, seconds: float = LONGEST_UNREST_SECONDS) -> None:
        """Wait until the merchant, by itself, asks no more about an order; its timers can't be moved."""
        deadline = time.monotonic() + seconds
        told = self.sandbox.journal.calls(order_id=order_id, limit=LONGEST_LIST)
        while told and time.monotonic() < deadline:
            about = {"order_id": order_id, "after": told[-1]["id"]}
            told = self.sandbox.journal.wait_for(seconds=IDLE_SECONDS, **about)

    def deliveries(self, order_id: str) -> list[dict[str, Any]]:
        """Return the webhooks about an order."""
        if not self._has_webhooks:
            return []
        return self.sandbox.webhooks.deliveries(order_id=order_id)

    def wait_until_quiet(self, order_id: str, seconds: float) -> int | None:
        """Wait at most so long until no webhook about an order is under way.

        Returns how many were not answered with 200 and come again later, None if some are under way still.
        """
        if not self._has_webhooks:
            return 0
        longest = min(seconds, LONGEST_WAIT_SECONDS)
        try:
            return int(self.sandbox.webhooks.wait_until_quiet(order_id, seconds=longest)["later"])
        except TimeoutError:
            return None

    def resend_failed(self, order_id: str) -> None:
        """Do at once what the ladder of retries would do later: send again what was not answered with 200."""
        for one in self.deliveries(order_id):
            if one["state"] == "PENDING" and one["attempts"]:
                self.sandbox.webhooks.resend(one["id"])

    def unreached(self) -> str:
        """Say that no call reached the provider with the merchant's key, or nothing if one did."""
        if self.sandbox.journal.calls(limit=1):
            return ""
        key = self.sandbox.secret_key
        return f"; no call reached the provider at {self.control.base_url} with the key {key}"

    def webhooks_taken(self, order_id: str) -> tuple[bool, str]:
        """Tell whether the webhooks about an order were taken, if need be at a retry, and which answers came.

        A webhook may overtake the answer to the call that caused it; then a merchant rightly refuses it once.
        """
        for pause in _RESENT_AFTER_SECONDS:
            if not self.wait_until_quiet(order_id, _LONGEST_DELIVERY_SECONDS):
                break
            time.sleep(pause)
            self.resend_failed(order_id)
        sent = [one for one in self.deliveries(order_id) if one["attempts"]]
        if not sent:
            return False, "no webhook was sent"
        missed = [one for one in sent if one["state"] != "DELIVERED"]
        told = (missed or sent)[-1]
        answers = ", then ".join(str(one["status"] or one["error"]) for one in told["attempts"])
        return not missed, f"{told['event']} {told['status']} answered {answers}"

    def close(self) -> None:
        """Clean up: delete the sandbox if this run made it."""
        if self._is_ours:
            self.sandbox.delete()
        self.control.close()


def _payment(shown: Mapping[str, Any]) -> LedgerPayment:
    return LedgerPayment(
        shown["paymentKey"],
        shown["orderId"],
        shown["state"],
        shown["amount"],
        shown["balance"],
        shown["approvedAt"] is not None and shown["state"] in _APPROVED,
    )


def open_sandbox(control: ControlClient, description: Description) -> ProviderSide:
    """Make the sandbox of a run, or take the one that every provider has, emptied.

    Raises:
        ControlError: the keys are in use, or the provider refuses.
    """
    contract = description.contract
    known_id, secret, client = WELL_KNOWN[contract]
    is_known = description.secret_key in (None, secret, *WIDGET_KEYS)
    takes_known = is_known and not (description.start or description.driver)
    if takes_known:
        client = description.client_key or client
        created = {"id": known_id, "secretKey": secret, "clientKey": client}
        sandbox = Sandbox(control, created | {"widgetSecretKey": None, "widgetClientKey": None})
        sandbox.reset()
    else:
        wanted = {
            "contract": contract,
            "secretKey": description.secret_key,
            "clientKey": description.client_key,
        }
        made = control.call("POST", "/sandboxes", {key: value for key, value in wanted.items() if value})
        sandbox = Sandbox(control, made)
    side = ProviderSide(control, sandbox, description, is_ours=not takes_known)
    if description.webhook_url is not None:
        sandbox.webhooks.to(description.webhook_url)
    return side
