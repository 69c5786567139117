"""A shop's backend in a test: the webhooks that it gets, and the calls of one that stands in for it."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from payments_mock.testing.control_client import ControlClient, KitError, said, wire_names

POLL_SECONDS = 0.02


_PAYMENT = re.compile(r"\{payment (\d+) of ([^{}]+)\}")


class Shop:
    """Calls the provider as the backend of a shop does, for tests that have none.

    In paths and bodies `{payment 1 of order_1}` stands for the key of that order's first payment.
    """

    def __init__(self, control: ControlClient, path: str, secret_key: str) -> None:
        self._control = control
        self._path = f"{path}/payments"
        self._secret_key = secret_key

    def sends(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        seconds: float = 70.0,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response | None:
        """Return the answer to a call, None where no whole one arrives within so many seconds.

        `body` is what JSON is made of, or the very text; `key` is the idempotency key.
        `headers` go along, and take the place of those that are sent by themselves.

        Raises:
            KitError: a payment is meant that the provider does not know.
        """
        text = body if body is None or isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        # An answer that somebody keeps would keep its connection open, too.
        sent = {"Content-Type": "application/json", "Connection": "close", **(headers or {})}
        sent |= {"Idempotency-Key": key} if key else {}
        data = None if text is None else self._with_keys(text).encode()
        url = self._control.base_url + self._with_keys(path)
        try:
            with requests.Session() as session:
                session.trust_env = False
                session.auth = (self._secret_key, "")
                return session.request(method, url, data=data, headers=sent, timeout=seconds)
        except requests.RequestException:
            return None

    def _with_keys(self, text: str) -> str:
        return _PAYMENT.sub(lambda found: self._key_of(int(found[1]), found[2]), text)

    def _key_of(self, place: int, order_id: str) -> str:
        query = {"orderId": order_id, "limit": place}
        found = self._control.call("GET", self._path, query=query)["payments"]
        if len(found) < place:
            raise KitError(f"the order {order_id} has {len(found)} payments at the provider, not {place}")
        return str(found[place - 1]["paymentKey"])


class Webhooks:
    """Registers where one sandbox sends its events, decides how they arrive, and shows what became of them.

    Deliveries are narrowed by `event`, `status`, `order_id`, `payment_key`, `state`, `url`, and by `entry`,
    the id of the call in the journal that caused them.
    """

    def __init__(self, control: ControlClient, path: str) -> None:
        self._control = control
        self._path = f"{path}/webhooks"

    def to(self, url: str, events: Sequence[str] | None = None, *, security_key: str | None = None) -> None:
        """Send events to `url`: those named, else all; `security_key` signs the kinds that are signed.

        Raises:
            ControlError: the URL will not do, or the sandbox is on the kiosk contract, which has no webhooks.
        """
        wanted = {"url": url, "events": None if events is None else list(events), "securityKey": security_key}
        self._control.call("POST", self._path, said(wanted))

    def stop(self) -> None:
        """Send events to nobody any more."""
        self._control.call("DELETE", self._path)

    def rule(self, **rule: Any) -> str:
        """Say how events arrive: `order`, `copies`, `delay`, `match` and so on; returns the rule's name.

        Raises:
            ControlError: they can't; the message says what would be right.
        """
        return str(self._control.call("POST", f"{self._path}/rules", wire_names(rule))["name"])

    def remove_rules(self) -> None:
        """Let events arrive as they do without any rule."""
        self._control.call("DELETE", f"{self._path}/rules")

    def deliveries(self, **match: Any) -> list[dict[str, Any]]:
        """Return what was sent or is to be sent, the oldest first, with every attempt."""
        answer = self._control.call("GET", f"{self._path}/deliveries", query=wire_names(match))
        deliveries: list[dict[str, Any]] = answer["deliveries"]
        return deliveries

    def wait_for(self, count: int = 1, *, seconds: float = 5.0, **match: Any) -> list[dict[str, Any]]:
        """Return the deliveries once `count` of them were attempted, whatever the backend answered.

        Raises:
            TimeoutError: they were not, within so many seconds of real time.
        """
        deadline = time.monotonic() + seconds
        while True:
            attempted = [one for one in self.deliveries(**match) if one["attempts"]]
            if len(attempted) >= count:
                return attempted
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{len(attempted)} of {count} webhooks were sent within {seconds:g} seconds"
                )
            time.sleep(POLL_SECONDS)

    def wait_until_quiet(self, order_id: str | None = None, *, seconds: float = 15.0) -> dict[str, Any]:
        """Wait until no delivery is under way, of an order or of all; returns how many wait for the clock.

        That is `later`, and `nextAttemptAt` of the next.

        Raises:
            TimeoutError: some are under way for so many seconds of real time.
        """
        query = said({"orderId": order_id, "wait": seconds})
        answer = self._control.call("GET", f"{self._path}/quiet", query=query)
        if not answer["quiet"]:
            raise TimeoutError(f"{answer['underWay']} webhooks are still under way after {seconds:g} seconds")
        return answer

    def forge_of(
        self,
        payment_key: str,
        set: Mapping[str, Any] | None = None,
        *,
        remove: Sequence[str] = (),
        url: str | None = None,
        event: str | None = None,
    ) -> None:
        """Send what a real event would tell of a payment, with fields `set` or removed by their paths.

        Raises:
            ControlError: there is no such payment, nobody listens, or it can't be sent.
        """
        changes = {"set": dict(set) if set else None, "remove": list(remove) or None}
        wanted = {"paymentKey": payment_key, **changes, "url": url, "event": event}
        self._control.call("POST", f"{self._path}/forge", said(wanted))

    def resend(self, delivery_id: int) -> dict[str, Any]:
        """Send a delivery once more; returns it with the attempt, which was made when this returns."""
        return self._control.call("POST", f"{self._path}/deliveries/{delivery_id}/resend")

    def forge(
        self,
        body: Mapping[str, Any],
        *,
        url: str | None = None,
        event: str | None = None,
        security_key: str | None = None,
    ) -> None:
        """Send an event that never happened to those who listen for its kind, or to `url`; then it was sent.

        Raises:
            ControlError: nobody listens, or it can't be sent.
        """
        wanted = {"body": dict(body), "url": url, "event": event, "securityKey": security_key}
        self._control.call("POST", f"{self._path}/forge", said(wanted))
