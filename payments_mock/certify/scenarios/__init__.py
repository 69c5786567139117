"""The scenarios: one short script each, grouped by what goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from payments_mock.certify.checks import PITFALL_BY_ID, Invariant
from payments_mock.certify.description import Description
from payments_mock.certify.scene import Scene

Script = Callable[[Scene], None]


@dataclass(frozen=True)
class Scenario:
    """A script about a pitfall, and what it takes.

    `needs` are verbs of the description, and `webhooks`, `toss`, `kiosk`, `single` or `signing_key`. One that
    moves the clock, or arms what can't be narrowed to an order, runs `alone`.
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
            elif need == "single":
                if len(description.goods.single) < 1:
                    return "goods.single names no item of which there is one piece"
            elif need == "signing_key":
                if description.signing_key is None:
                    return "the merchant has no signing_key, so takes no signed events"
            elif not description.has(need):
                return f"the description has no [{need}]"
        return None
