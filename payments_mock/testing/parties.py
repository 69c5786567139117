"""The parties of a payment in a test: the shop that stands in for a backend, its shopper, and webhooks."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import requests

from payments_mock.testing.control_client import KIOSK, ControlClient, KitError, said, wire_names, won
from payments_mock.testing.faults import CallUnderWay

POLL_SECONDS = 0.02


_PAYMENT = re.compile(r"\{payment (\d+) of ([^{}]+)\}")


class Shop:
    """Calls the provider as the backend of a shop does, for tests that have none.

    In paths and bodies `{payment 1 of order_1}` stands for the key of that order's first payment.
    """

    def __init__(self, control: ControlClient, path: str, secret_key: str) -> None:
        self._control = control
        self._path = path
        self.secret_key = secret_key

    def sends(
        self, method: str, path: str, body: Any = None, *, seconds: float = 70.0, **more: Any
    ) -> requests.Response | None:
        """Return the answer to a call, None where no whole one arrives within so many seconds.

        `body` is what JSON is made of, or the very text. `key` is the idempotency key.
        `headers` go along, and take the place of those that are sent by themselves.

        Raises:
            KitError: a payment is meant that the provider does not know.
        """
        return self._call(method, path, body, **more)(seconds)

    def begins(
        self, method: str, path: str, body: Any = None, *, seconds: float = 70.0, **more: Any
    ) -> CallUnderWay:
        """Make a call beside those that follow; returns once the provider holds it, as a fault says.

        Arm `faults.hold(...)` before, and end it later: `faults.let_go()`, then ask for its `answer()`.

        Raises:
            KitError: it was not held; or a payment is meant that the provider does not know.
        """
        held = self._held()
        call = CallUnderWay(partial(self._call(method, path, body, **more), seconds))
        while not self._held() - held:
            if call.is_over:
                raise KitError(f"nothing held the call {method} {path}; arm faults.hold(...) before it")
            time.sleep(POLL_SECONDS)
        return call

    def _held(self) -> set[int]:
        return {one["id"] for one in self._control.call("GET", f"{self._path}/held-calls")["heldCalls"]}

    def _call(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Callable[[float], requests.Response | None]:
        """Return what makes a call, and waits so many seconds for its answer."""
        text = body if body is None or isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        # An answer that somebody keeps would keep its connection open, too.
        sent = {"Content-Type": "application/json", "Connection": "close", **(headers or {})}
        sent |= {"Idempotency-Key": key} if key else {}
        data = None if text is None else self._with_keys(text).encode()
        url, auth = self._control.base_url + self._with_keys(path), (self.secret_key, "")

        def call(seconds: float) -> requests.Response | None:
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    session.auth = auth
                    return session.request(method, url, data=data, headers=sent, timeout=seconds)
            except requests.RequestException:
                return None

        return call

    def _with_keys(self, text: str) -> str:
        return _PAYMENT.sub(lambda found: self._key_of(int(found[1]), found[2]), text)

    def _key_of(self, place: int, order_id: str) -> str:
        query = {"orderId": order_id, "limit": place}
        found = self._control.call("GET", f"{self._path}/payments", query=query)["payments"]
        if len(found) < place:
            raise KitError(f"the order {order_id} has {len(found)} payments at the provider, not {place}")
        return str(found[place - 1]["paymentKey"])


class Shopper:
    """Pays in one sandbox on the Toss contract, as the payment window would let a person do.

    Amounts are numbers of KRW, or text such as "15,000원".
    """

    def __init__(
        self, control: ControlClient, path: str, client_key: str, contract: str | None = None
    ) -> None:
        self._control = control
        self._path = f"{path}/payments"
        self.client_key = client_key
        self._contract = contract

    def pays(
        self, order_id: str, amount: int | str, *, order_name: str = "Test", method: str = "CARD", **more: Any
    ) -> dict[str, Any]:
        """Agree to pay `amount` KRW for an order; returns `paymentKey`, `orderId`, `amount`, `redirectUrl`.

        `more` goes into the checkout as the control API words it, such as `card` or `outcome`.

        Raises:
            KitError: the sandbox is on the kiosk contract, which has no payment window.
        """
        self._check_contract()
        checkout = {
            "clientKey": self.client_key,
            "orderId": order_id,
            "orderName": order_name,
            "amount": won(amount),
            "method": method,
            **more,
        }
        return self._control.call("POST", "/checkouts", checkout)

    def pays_in_window(self, order_id: str, **more: Any) -> dict[str, Any]:
        """Pay in the window of an order's newest payment, such as one that the shop's server has begun.

        `more` says how, by card unless it does: `method`, `card`, `outcome` and so on, as for `pays`.

        Raises:
            KitError: the provider knows no payment of the order, or its window does not wait any more.
        """
        self._check_contract()
        query = {"orderId": order_id, "order": "newest", "limit": 1}
        found = self._control.call("GET", self._path, query=query)["payments"]
        if not found:
            raise KitError(f"the provider knows no payment of the order {order_id}")
        return self._control.call("POST", f"{self._path}/{found[0]['paymentKey']}/pay", more)

    def fails(self, order_id: str, amount: int | str, code: str, **more: Any) -> dict[str, Any]:
        """Fail in the window with a code; `redirectUrl` is where the shop would be told."""
        return self.pays(order_id, amount, outcome={"result": "fail", "code": code}, **more)

    def closes(self, order_id: str, amount: int | str, **more: Any) -> dict[str, Any]:
        """Close the window."""
        return self.pays(order_id, amount, outcome={"result": "close"}, **more)

    def is_declined_at_confirm(
        self, order_id: str, amount: int | str, code: str, **more: Any
    ) -> dict[str, Any]:
        """Agree to pay; the card company refuses when the merchant confirms."""
        return self.pays(order_id, amount, outcome={"decline": code}, **more)

    def deposits(self, payment_key: str, amount: int | str | None = None) -> dict[str, Any]:
        """Pay into the virtual account of a payment, the exact amount unless another is said."""
        self._check_contract()
        body: dict[str, Any] = {"clientKey": self.client_key}
        if amount is not None:
            body["amount"] = won(amount)
        return self._control.call("POST", f"/payments/{payment_key}/deposit", body)

    def has_deposit_reversed(self, payment_key: str) -> dict[str, Any]:
        """Let the bank take the deposit back."""
        self._check_contract()
        body = {"clientKey": self.client_key}
        return self._control.call("POST", f"/payments/{payment_key}/reverse-deposit", body)

    def _check_contract(self) -> None:
        if self._contract == KIOSK:
            raise KitError(
                "this sandbox is on the kiosk contract, which has no payment window; "
                'mark the test: @pytest.mark.payments_mock(contract="toss")'
            )


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
