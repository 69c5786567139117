"""The scenarios: one short script each, grouped by what goes wrong."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from payments_mock.certify.checks import PITFALL_BY_ID, Invariant
from payments_mock.certify.description import Description
from payments_mock.certify.judging import Deal
from payments_mock.certify.scene import Scene
from payments_mock.testing.control_client import ControlError

SINGLES: Final = ("one single", "two singles", "three singles")
GATE_SECONDS: Final = 1.0
"""How long a gate waits for the others once one call is held, unless the merchant would hang up before."""
_TIMES_THE_FIRST: Final = 4
"""On a slow machine the others may take longer: so many times as long as the first one took."""
HELD_SECONDS: Final = 60
"""Longer than any gate is shut, so that no call goes by itself on a machine that is busy."""
_LOOK_SECONDS: Final = 0.03
_LONGEST_LOOK_SECONDS: Final = 0.15
Script = Callable[[Scene], None]


@dataclass(frozen=True)
class Scenario:
    """A script about a pitfall, and what it takes.

    `needs` are verbs of the description, and `webhooks`, `toss`, `kiosk`, `signing_key`, or one of `SINGLES`.
    One that moves the clock, or arms what can't be narrowed to an order, runs `alone`.
    """

    id: str
    pitfall: str
    title: str
    script: Script
    needs: tuple[str, ...] = ()
    alone: bool = False

    @property
    def invariants(self) -> tuple[Invariant, ...]:
        """What must hold of its orders in the end."""
        return PITFALL_BY_ID[self.pitfall].invariants

    def lacks(self, description: Description) -> str | None:
        """Return what the merchant has not that it needs, if anything, in words."""
        for need in self.needs:
            if need in ("toss", "kiosk"):
                if description.contract != need:
                    return f"it is about the {need} contract"
            elif need == "webhooks":
                if description.webhook_url is None:
                    return "the merchant has no webhook_url"
            elif need in SINGLES:
                if len(description.goods.single) < SINGLES.index(need) + 1:
                    return f"it needs {need}: each scenario takes an item of its own from goods.single"
            elif need == "signing_key":
                if description.signing_key is None:
                    return "the merchant has no signing_key, so takes no signed events"
            elif not description.has(need):
                return f"the description has no [{need}]"
        return None


def agreed_unheard(scene: Scene) -> Deal:
    """Place an order and agree to pay it; no webhook will tell the merchant what comes of it."""
    deal = scene.order()
    scene.without_webhooks(deal)
    scene.agrees(deal)
    return deal


def press_unanswered(scene: Scene, deal: Deal, loss: dict[str, Any]) -> None:
    """Press pay: the card is charged, and nobody tells, nor can be asked, until the shopper is gone."""
    cut: dict[str, Any] = {"effect": {"kind": "reset"}, "times": "always", "must_strike": False}
    lost = scene.fault(deal, "confirm", "after", loss, times="always")
    look_ups = [scene.fault(deal, one, "before", **cut) for one in ("get", "get-by-order")]
    scene.press(deal)
    for name in (lost, *look_ups):
        scene.end_fault(name)


def through_a_gate(
    scene: Scene,
    operation: str,
    deals: Sequence[Deal],
    acts: Sequence[Callable[[], Any]],
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Do several things at once, hold their calls, and let the last one go first.

    A merchant that lets one request at a time act on an order has one call held, the others follow it.
    `meanwhile` is done while they wait.
    """
    held_for = {"kind": "hold", "seconds": HELD_SECONDS}
    more: dict[str, Any] = {"times": len(acts), "must_strike": False}
    gates = [scene.fault(deal, operation, "before", held_for, **more) for deal in deals]
    faults = scene.side.sandbox.faults
    with ThreadPoolExecutor(len(acts)) as pool:
        begun = [pool.submit(act) for act in acts]
        try:
            held = _held(scene, gates, begun)
            # Of two shoppers one may be told at the merchant's own door that the goods are gone.
            scene.prove(bool(held), f"no {operation} came to the gate")
            if meanwhile is not None and held:
                meanwhile()
            for call in reversed(held):
                with suppress(ControlError):
                    faults.let_go(id=call["id"])
        finally:
            _open(scene, gates, begun)
    for one in begun:
        one.result()


def _held(scene: Scene, gates: Sequence[str], begun: Sequence[Future[Any]]) -> list[dict[str, Any]]:
    """Wait until a call is held, and then a little for the others; returns those that are."""
    faults = scene.side.sandbox.faults
    began = time.monotonic()
    deadline: float | None = None
    pause = _LOOK_SECONDS
    while True:
        held = [call for gate in gates for call in faults.held(fault=gate)]
        moment = time.monotonic()
        if held and deadline is None:
            usual = max(GATE_SECONDS, _TIMES_THE_FIRST * (moment - began))
            deadline = moment + min(usual, scene.description.timeout / 3)
        is_over = deadline is not None and moment > deadline
        if is_over or len(held) == len(begun) or all(one.done() for one in begun):
            return held
        time.sleep(pause)
        pause = min(1.3 * pause, _LONGEST_LOOK_SECONDS)


def _open(scene: Scene, gates: Sequence[str], begun: Sequence[Future[Any]]) -> None:
    """Let whoever is still held, or comes later, go; also a call whose merchant gave up."""
    faults = scene.side.sandbox.faults
    for gate in gates:
        scene.end_fault(gate)
    is_open = False
    while not is_open:
        is_open = not wait(begun, _LOOK_SECONDS).not_done
        for gate in gates:
            faults.let_go(fault=gate)
