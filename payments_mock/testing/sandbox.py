"""A sandbox in a test: its keys, clock, shopper, faults, journal and webhooks."""

from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any
from urllib.parse import quote

from payments_mock.testing.control_client import (
    ALL_STATES,
    Clock,
    ControlClient,
    KitError,
    both_words,
    duration,
    match_of,
    states_meant,
    wire_names,
)
from payments_mock.testing.faults import Faults
from payments_mock.testing.parties import Shop, Shopper, Webhooks

LONGEST_LIST = 1000
"""The most calls, or payments, that the control API lists at once."""


class Journal:
    """Reads and asserts the calls of one sandbox.

    Calls are narrowed by `order_id`, `payment_key`, `amount`, `status`, `code`, `method`, by `fault`, the
    name of one that struck, and by `headers`, a mapping.
    """

    def __init__(self, control: ControlClient, path: str) -> None:
        self._control = control
        self._path = f"{path}/journal"

    def calls(self, operation: str | None = None, **match: Any) -> list[dict[str, Any]]:
        """Return the calls, the oldest first."""
        return self._entries(match_of(operation, match))

    def acts(self, operation: str | None = None, **match: Any) -> list[dict[str, Any]]:
        """Return what shoppers' browsers did, the oldest first; no call of the shop is among it."""
        return self.calls(operation, lane="shopper", **match)

    def wait_for(
        self, operation: str | None = None, *, count: int = 1, seconds: float = 5.0, **match: Any
    ) -> list[dict[str, Any]]:
        """Return the calls, once there are `count` of them or so many seconds have passed."""
        return self._entries(match_of(operation, match) | {"wait": seconds, "count": count})

    def assert_called(
        self, operation: str, *, count: int | None = 1, wait: float = 0.0, **match: Any
    ) -> None:
        """Assert that the operation was called `count` times; with `at_least` or `at_most` in their place.

        Raises:
            ControlError: it was not; the message shows the calls that came nearest, and how they differ.
        """
        bounds: dict[str, Any] = {name: match.pop(name) for name in ("at_least", "at_most") if name in match}
        wanted = wire_names(bounds) or {"count": count}
        body = {"match": match_of(operation, match), "wait": wait, **wanted}
        self._control.call("POST", f"{self._path}/verify", body)

    def assert_not_called(self, operation: str, **match: Any) -> None:
        """Assert that the operation was not called.

        Raises:
            ControlError: it was.
        """
        self.assert_called(operation, count=0, **match)

    def summary(self, most: int = 10) -> str:
        """Return the newest calls in a line: each operation, its order, and the status of its answer."""
        calls = self.calls(limit=LONGEST_LIST)
        said = [f"... {len(calls) - most} earlier"] if len(calls) > most else []
        for call in calls[-most:]:
            about = call["orderId"] or call["paymentKey"]
            said.append(" ".join(filter(None, (call["operation"], about, f"-> {call['status']}"))))
        return ", ".join(said) or "none"

    def replay(self, entry: int) -> dict[str, Any]:
        """Make a call again as it was, by its `id` in the journal; returns the new call with its answer.

        Raises:
            ControlError: there is no such call, or the journal has not kept all of it; the message says why.
        """
        return self._control.call("POST", f"{self._path}/{entry}/replay")

    def clear(self) -> None:
        """Forget the calls so far."""
        self._control.call("DELETE", self._path)

    def _entries(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        lines = [f"{name}: {value}" for name, value in query.pop("headers", {}).items()]
        query |= {"header": lines} if lines else {}
        entries: list[dict[str, Any]] = self._control.call("GET", self._path, query=query)["entries"]
        return entries


class Sandbox:
    """A merchant of a test's own; point the backend under test at `base_url` with `secret_key`.

    Nothing of it is visible to another, so that tests may run side by side on one server.
    """

    def __init__(self, control: ControlClient, created: dict[str, Any]) -> None:
        self._control = control
        self.id: str = created["id"]
        self.base_url = control.base_url
        self.secret_key: str = created["secretKey"]
        self.client_key: str = created["clientKey"]
        self.widget_secret_key: str | None = created["widgetSecretKey"]
        self.widget_client_key: str | None = created["widgetClientKey"]
        self.is_deleted = False
        self._path = f"/sandboxes/{self.id}"
        self.clock = Clock(control, self._path)
        self.faults = Faults(control, self._path)
        self.journal = Journal(control, self._path)
        self.webhooks = Webhooks(control, self._path)
        self.shop = Shop(control, self._path, self.secret_key)
        self.contract: str | None = created.get("contract")
        self.shopper = Shopper(control, self._path, self.client_key, self.contract)

    def use_keys(self, pair: str) -> None:
        """Have `shop` and `shopper` use a pair of the keys from now on: "api", as at first, or "widget".

        Raises:
            KitError: there is no such pair.
        """
        pairs = {"api": (self.secret_key, self.client_key)}
        if self.widget_secret_key and self.widget_client_key:
            pairs["widget"] = (self.widget_secret_key, self.widget_client_key)
        if pair not in pairs:
            raise KitError(f'there are no keys "{pair}" in this sandbox; it has {", ".join(pairs)}')
        self.shop.secret_key, self.shopper.client_key = pairs[pair]

    def payments(self, order_id: str | None = None) -> list[dict[str, Any]]:
        """Return the payments of the sandbox, or those of an order, the oldest first."""
        query = {"limit": LONGEST_LIST} | ({} if order_id is None else {"orderId": order_id})
        listed = self._control.call("GET", f"{self._path}/payments", query=query)
        payments: list[dict[str, Any]] = listed["payments"]
        return payments

    def assert_state(self, order_id: str, state: str) -> None:
        """Assert what state an order's newest payment is in, in the control API's words or the contract's.

        Raises:
            KitError: it is in another, or there is no such payment or state; the message has all states.
        """
        meant = states_meant(state, self.contract)
        found = self.payments(order_id)
        if not found:
            raise KitError(f"the provider knows no payment of the order {order_id}")
        if (is_in := found[-1]["state"]) not in meant:
            raise KitError(f"the order {order_id} is {both_words(is_in)}, not {state}; {ALL_STATES}")

    def unused_faults(self) -> list[str]:
        """Return a line for each fault that was armed and never fired, with the calls that came instead."""
        unused = self.faults.never_fired()
        seen = self.journal.summary() if unused else ""
        return [f"{self.faults.wordings.get(it, it)} never fired; calls seen: {seen}" for it in unused]

    def events(self, after: str | None = None, *, wait: float = 0.0) -> tuple[str, list[dict[str, Any]]]:
        """Return where to go on, and what happened behind `after`; without it nothing, and where it is now.

        Waits up to so many seconds until something does. "0" is the beginning.
        """
        query: dict[str, Any] = {"sandbox": self.id, "wait": wait}
        query |= {} if after is None else {"after": after}
        answer = self._control.call("GET", "/events", query=query)
        return answer["seq"], answer["events"]

    def orders(self, most: int = 50) -> list[dict[str, Any]]:
        """Return the orders that changed last with their verdicts, the latest first."""
        listed = self._control.call("GET", f"{self._path}/orders", query={"limit": most})
        orders: list[dict[str, Any]] = listed["orders"]
        return orders

    def order(self, order_id: str) -> dict[str, Any]:
        """Return the story of an order, with its verdict and the scenario that runs it again."""
        return self._control.call("GET", f"{self._path}/orders/{quote(order_id, safe='')}")

    def payment(self, payment_key: str) -> dict[str, Any]:
        """Return a payment with all that happened to it."""
        return self._control.call("GET", f"{self._path}/payments/{payment_key}")

    def settle(self, payment_key: str) -> dict[str, Any]:
        """Pay a payment out to the merchant, after which it can't be canceled; returns the payment.

        Raises:
            ControlError: there is no such payment, or nothing was paid.
        """
        return self._control.call("POST", f"{self._path}/payments/{payment_key}/settle")

    def list_late(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let the lists of transactions and settlements be so late; by nothing, and they are on time again.

        Raises:
            ControlError: the sandbox is on the kiosk contract, which has no such lists.
        """
        lag = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self._control.call("POST", f"{self._path}/reports", {"lag": duration(lag)})

    def switch(self, **turned: bool) -> dict[str, bool]:
        """Turn switches on or off, such as `unknown_fields=True`; returns all of them by their names.

        Raises:
            ControlError: there is no such switch; the message says which there are.
        """
        return self._control.call("POST", f"{self._path}/switches", wire_names(turned))

    def declines(self, payment_key: str, code: str) -> dict[str, Any]:
        """Have the card company decline a payment at its confirm; returns the payment.

        Raises:
            ControlError: there is no such payment, it is over, or the catalogue has no such code.
        """
        return self._control.call("POST", f"{self._path}/payments/{payment_key}/decline", {"code": code})

    def reset(self, *, keep: Sequence[str] = ()) -> None:
        """Forget all that happened; the keys stay, and what is named in `keep`.

        That is "webhooks", "webhookRules", "faults", "clock", "switches" and "reports".
        """
        self._control.call("POST", f"{self._path}/reset", {"keep": list(keep)})

    def delete(self) -> None:
        """Remove the sandbox; its keys are then nobody's."""
        self._control.call("DELETE", self._path)
        self.is_deleted = True

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self.is_deleted:
            self.delete()
