"""The scenarios: one short script each, grouped by what goes wrong."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
"""How long a gate waits for all who are to be held, unless the merchant's time-out would end before."""
HELD_SECONDS: Final = 60
"""Longer than any gate is shut, so that no call goes by itself on a machine that is busy."""
_LOOK_SECONDS: Final = 0.03
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
    faults = scene.side.sandbox.faults
    held_for = {"kind": "hold", "seconds": HELD_SECONDS}
    more: dict[str, Any] = {"times": len(acts), "must_strike": False}
    gates = [scene.fault(deal, operation, "before", held_for, **more) for deal in deals]
    with ThreadPoolExecutor(len(acts)) as pool:
        begun = [pool.submit(act) for act in acts]
        deadline = time.monotonic() + min(GATE_SECONDS, scene.description.timeout / 3)
        held: list[dict[str, Any]] = []
        while len(held) < len(acts) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
            held = [call for gate in gates for call in faults.held(fault=gate)]
        if meanwhile is not None:
            meanwhile()
        for call in reversed(held):
            with suppress(ControlError):
                faults.let_go(id=call["id"])
        # Who comes to the gate later is let through.
        while any(not one.done() for one in begun):
            for gate in gates:
                faults.let_go(fault=gate)
            time.sleep(_LOOK_SECONDS)
        for one in begun:
            one.result()
    # A call whose merchant gave up is still held.
    for gate in gates:
        faults.let_go(fault=gate)
    # Of two shoppers one may be told at the merchant's own door that the goods are gone.
    scene.prove(any(faults.fired(gate) for gate in gates), f"no {operation} came to the gate")
    for gate in gates:
        scene.end_fault(gate)
