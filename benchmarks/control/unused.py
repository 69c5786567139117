"""What the journal, faults and webhooks cost those who use none of them."""

from collections.abc import Callable

from benchmarks.client import LoadClient
from benchmarks.control.desk import Desk
from benchmarks.operations import CONFIRM, CREATE, Stock
from benchmarks.report import Ratio, ratio_of
from benchmarks.rounds import Round, ShippedSide
from benchmarks.servers import shipped

USED_BY_OTHERS, WITHOUT = "used by others", "without"


def measure_unused(client: LoadClient, rounds: int, seconds: float, say: Callable[[str], None]) -> Ratio:
    """Compare confirms on a server as it is, whose other sandboxes are armed, with one that keeps no journal.

    That other server has no fault and no webhook in any sandbox: it is as near as settings come to a server
    without all of this.
    """
    with (
        shipped("--log-format", "none") as full,
        shipped("--log-format", "none", "--journal-entries", "0") as bare,
    ):
        with Desk(full.host, full.port) as desk:
            _use_everything(desk)
        sides = [
            ShippedSide(USED_BY_OTHERS, full, Stock(seed=6)),
            ShippedSide(WITHOUT, bare, Stock(seed=7)),
        ]
        rows: list[list[Round]] = []
        for _ in range(rounds):
            for side in sides:
                side.measure(client, CREATE, 1.5 * seconds)
            rows.append([side.measure(client, CONFIRM, seconds) for side in sides])
            say("confirm: " + ", ".join(f"{each.side} {each.rate:,.0f}/s" for each in rows[-1]))
        return ratio_of(rows, USED_BY_OTHERS, WITHOUT)


def _use_everything(desk: Desk) -> None:
    """Arm a fault, and listen to webhooks, in a sandbox of somebody else's."""
    other = desk.sandbox(contract="toss")
    path = f"/sandboxes/{other['id']}"
    desk.control(
        "POST", f"{path}/faults", {"moment": "before", "effect": {"kind": "hang"}, "times": "always"}
    )
    desk.control("POST", f"{path}/webhooks", {"url": "http://127.0.0.1:9/webhooks"})
