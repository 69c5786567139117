"""What a scenario's script can do: act as shopper, network, bank and console, and say what it expects."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from payments_mock.certify.browser import BrowserShopper
from payments_mock.certify.description import Description
from payments_mock.certify.judging import Deal, JobPace, Observation, Watch
from payments_mock.certify.ledger import ProviderSide
from payments_mock.certify.merchant import MerchantAnswer, ShopUnderTest
from payments_mock.certify.results import Finding, Grade
from payments_mock.story import Lane, Story, StoryRow, story_of
from payments_mock.testing.control_client import ControlError


class NotReachedError(Exception):
    """The scenario did not reach its subject; the text says where it stopped."""


class TooLateError(NotReachedError):
    """Somebody else acted first."""


@dataclass
class _Armed:
    name: str
    what: str
    must_strike: bool
    lasts: bool


class Scene:
    """One scenario under way: its orders, the faults that it armed, and what was found."""

    def __init__(
        self,
        description: Description,
        side: ProviderSide,
        open_shop: Callable[..., ShopUnderTest],
        chance: Random,
        pace: JobPace,
    ) -> None:
        self.chance = chance
        self.description = description
        self.side = side
        self.deals: list[Deal] = []
        self.findings: list[Finding] = []
        self.curls: list[str] = []
        self._acts: list[StoryRow] = []
        self._armed: list[_Armed] = []
        self._unproven: list[str] = []
        self._said_yes = False
        url = side.control.base_url
        self._browser = BrowserShopper(description, description.pages, url) if description.pages else None
        self.shop = open_shop(self._notice)
        self._watch = Watch(description, side, self.shop, pace)

    @property
    def is_toss(self) -> bool:
        """Tell whether the shopper pays in the provider's window."""
        return self.description.contract == "toss"

    # The shopper.

    def order(self, item: str | None = None) -> Deal:
        """Place an order, for the item there is plenty of unless another is named."""
        placed = self.shop.place_order(item)
        deal = Deal(placed, str(placed.values.get("provider_order_id") or placed.id))
        self.deals.append(deal)
        return deal

    def agrees(self, deal: Deal, amount: int | None = None, **more: Any) -> str | None:
        """Agree to pay in the provider's window, and return the payment's key, if there is a window."""
        if not self.is_toss:
            return None
        if self._browser is not None and amount is None and not more and self._browser.is_mine:
            key = self._browser.agrees({**deal.placed.values, "orderId": deal.id})
            self.act(Lane.SHOPPER, "pays in Chromium, on the merchant's own pages", key or "got no payment")
            if key is None:
                raise NotReachedError("the pages led to no payment; look at [browser]")
            deal.keys.append(key)
            return key
        paid = deal.amount if amount is None else amount
        made = self.side.sandbox.shopper.pays(deal.at_provider, paid, **more)
        deal.keys.append(made["paymentKey"])
        self.act(Lane.SHOPPER, f"agrees to pay {paid:,} won in the window", made["status"])
        return str(made["paymentKey"])

    def press(self, deal: Deal, verb: str = "", **told: Any) -> MerchantAnswer:
        """Come back from the window to the merchant, or press pay; `told` is what is told instead."""
        key = deal.keys[-1] if deal.keys else ""
        values = {"paymentKey": key, "orderId": deal.at_provider, "amount": deal.amount}
        if self._browser is not None and self._browser.is_mine and not told and not verb:
            came = self._browser.comes_back(key, 6 * self.description.timeout)
            if came is not None:
                self._notice(came, time.time())
                return came
        is_own = verb in self.description.recipes or (verb and not self.description.recipes)
        verb = verb if is_own else self.description.pays_by
        if not self.is_toss:
            values = {"orderId": deal.id, "amount": deal.amount}
        return self.shop.ask(verb, {**deal.placed.values, "paymentType": "NORMAL", **values, **told})

    def pay(self, deal: Deal, **more: Any) -> MerchantAnswer:
        """Agree in the window, and come back."""
        self.agrees(deal, **more)
        return self.press(deal)

    def paid_order(self, item: str | None = None) -> Deal:
        """Place an order and pay it, with nothing in the way.

        Raises:
            NotReachedError: it is not paid then.
        """
        deal = self.order(item)
        answer = self.pay(deal)
        self.wait_until_paid(deal, f"an ordinary payment did not lead to a paid order: {answer.outcome}")
        return deal

    def refund(self, deal: Deal) -> MerchantAnswer:
        """Ask for all the money back."""
        deal.asked_back = deal.amount
        return self.shop.ask(
            "refund", {**deal.placed.values, "orderId": deal.id, "reason": "changed my mind"}
        )

    def partial_refund(self, deal: Deal, amount: int) -> MerchantAnswer:
        """Ask for some of the money back."""
        deal.asked_back += amount
        values = {"orderId": deal.id, "reason": "one was broken", "amount": amount}
        return self.shop.ask("partial_refund", {**deal.placed.values, **values})

    def together(self, *acts: Callable[[], Any]) -> list[Any]:
        """Do several things at the same moment."""
        with ThreadPoolExecutor(len(acts)) as pool:
            return [future.result() for future in [pool.submit(act) for act in acts]]

    # The network, the bank and the console.

    def fault(
        self,
        deal: Deal,
        operation: str,
        moment: str,
        effect: dict[str, Any],
        *,
        must_strike: bool = True,
        **more: Any,
    ) -> str:
        """Arm a fault for the calls about this order."""
        by_order = operation in ("confirm", "create", "get-by-order")
        match: dict[str, Any] = (
            {"order_id": deal.at_provider} if by_order else {"payment_key": self.payment_key(deal)}
        )
        name = f"{effect['kind']}-{moment}-{operation}-{len(self._armed)}-of-{deal.id}"[:100]
        self.side.sandbox.faults.arm(operation, moment, effect, name=name, **match, **more)
        what, lasts = f"{effect['kind']} {moment} {operation}", more.get("times") == "always"
        self._armed.append(_Armed(name, what, must_strike, lasts))
        self.act(Lane.FAULT, f"armed: {what}")
        return name

    def payment_key(self, deal: Deal) -> str:
        """Return the key of the payment that has the order's money, else of its latest.

        Raises:
            NotReachedError: the provider knows no payment of the order.
        """
        key = self.side.ledger(deal.id).key_with_money or (deal.keys[-1] if deal.keys else None)
        if key is None:
            raise NotReachedError("the merchant has made no payment at the provider")
        return key

    def end_fault(self, name: str) -> None:
        """Let a fault strike no longer; what it struck still counts as proof."""
        for armed in self._armed:
            if armed.name == name and armed.must_strike:
                is_proven = self.side.sandbox.faults.fired(name) > 0
                self.prove(is_proven, f"the fault never struck: {armed.what}")
        self._armed = [armed for armed in self._armed if armed.name != name]
        self.side.sandbox.faults.remove(name)
        self.act(Lane.FAULT, f"over: {name}")

    def cancels_by_console(self, deal: Deal, amount: int | None = None) -> None:
        """Cancel the order's payment at the provider, all of it or `amount`, past the merchant.

        Raises:
            TooLateError: the merchant was there first, or nothing is left to cancel.
        """
        body: dict[str, Any] = {"cancelReason": "by the console"}
        if amount is not None:
            body["cancelAmount"] = amount
        self.act(Lane.PROVIDER, f"the console cancels {amount or deal.amount:,} won")
        try:
            self.side.api("POST", f"/v1/payments/{self.payment_key(deal)}/cancel", body)
        except ControlError as error:
            raise TooLateError(f"the console could not cancel: {error}") from error
        deal.taken_back += amount or deal.amount

    def webhook_rule(self, deal: Deal, **rule: Any) -> None:
        """Say how the webhooks of this order arrive; a merchant without webhooks gets none anyway."""
        if self.description.webhook_url is not None:
            self.side.sandbox.webhooks.rule(match={"orderId": deal.at_provider}, **rule)
            told = ", ".join(f"{name} {value}" for name, value in rule.items())
            self.act(Lane.WEBHOOK, "lost from here on" if rule == {"copies": 0} else f"rule: {told}")

    def without_webhooks(self, deal: Deal) -> None:
        """Lose every webhook of this order."""
        self.webhook_rule(deal, copies=0)

    def reconcile(self) -> None:
        """Run the merchant's job that finds out what is unknown, if it has one."""
        self._watch.reconcile()

    def act(self, lane: Lane, did: str, outcome: str = "", *, is_trouble: bool = False) -> None:
        """Note in the story what was done."""
        self._acts.append(StoryRow(self.side.now(), lane, did, outcome, is_trouble=is_trouble))

    def _notice(self, answer: MerchantAnswer, begun: float) -> None:
        if answer.verb == "order":
            return
        self._said_yes = answer.is_ok and answer.verb != "place_order"
        at = datetime.fromtimestamp(begun, UTC) + self.side.ahead
        did, is_trouble = f"{answer.verb}: {answer.request}", not answer.is_ok
        self._acts.append(StoryRow(at, Lane.SHOPPER, did, answer.outcome, is_trouble=is_trouble))
        if answer.curl not in self.curls:
            self.curls.append(answer.curl)

    # What came of it.

    def observe(self, deal: Deal) -> Observation:
        """Look at an order from both sides."""
        return self._watch.observe(deal)

    def settle(self, deal: Deal) -> Observation:
        """Wait until the order is sound and stays so, or its time is over; returns what is seen then."""
        return self._watch.settle(deal)

    def wait_until_paid(self, deal: Deal, otherwise: str) -> None:
        """Wait until the order is paid, and its webhooks are quiet.

        Raises:
            NotReachedError: it is not in time; the text is `otherwise`.
        """
        if self._watch.settle(deal, "paid").seen.state != "paid":
            raise NotReachedError(otherwise)

    def check(self, check: str, holds: bool, sentence: str, otherwise: Grade = Grade.BREAKS) -> None:
        """Note how a check of the pitfall's own came out."""
        self.findings.append(Finding(check, Grade.SURVIVES if holds else otherwise, sentence))

    def prove(self, happened: bool, what: str) -> None:
        """Note whether something happened without which the scenario says nothing."""
        if not happened:
            self._unproven.append(what)

    def wait_for_strikes(self) -> bool:
        """Wait for faults that a merchant meets only after it said yes; tells whether there are any."""
        for armed in self._armed:
            armed.must_strike = armed.must_strike and not self.side.sandbox.faults.fired(armed.name)
        silent = [one.name for one in self._armed if one.must_strike]
        if not silent or not self._said_yes:
            return False
        deadline = time.monotonic() + self.description.settles_within
        for name in silent:
            self.side.wait_for_strike(name, max(0.0, deadline - time.monotonic()))
        return True

    def unproven(self) -> Sequence[str]:
        """Return what was to happen and did not: faults that struck nothing, above all."""
        fired = self.side.sandbox.faults.fired
        silent = [one.what for one in self._armed if one.must_strike and not fired(one.name)]
        return [*self._unproven, *(f"the fault never struck: {what}" for what in silent)]

    def calls(self, deal: Deal, operation: str | None = None) -> list[dict[str, Any]]:
        """Return what the merchant asked the provider about an order."""
        payments = self.side.ledger(deal.id).payments
        ids = {deal.at_provider, *(one.order_id for one in payments)}
        found = self.side.calls(sorted(ids), [one.key for one in payments])
        return [one for one in found if operation is None or one["operation"] == operation]

    def story(self, deal: Deal) -> Story:
        """Tell the story of an order so far."""
        title = f"{deal.id} {deal.amount:,} won"
        return story_of(title, self.calls(deal), self.side.deliveries(deal.at_provider), self._acts)

    def close(self) -> None:
        """Take down what would strike on and on, and let go of the merchant."""
        for armed in self._armed:
            if armed.lasts:
                self.side.sandbox.faults.remove(armed.name)
        self.shop.close()
        if self._browser is not None:
            self._browser.close()
