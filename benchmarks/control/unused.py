"""What faults, webhooks and the journal cost a merchant who uses none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.client import LoadClient
from benchmarks.control.desk import Desk
from benchmarks.figures import Ratio
from benchmarks.operations import CONFIRM, CREATE, Stock
from benchmarks.rounds import Round, ShippedSide
from benchmarks.servers import shipped

USED_BY_OTHERS, UNUSED, NO_JOURNAL = "used by others", "unused", "no journal"


@dataclass(frozen=True)
class Unused:
    """What a confirm costs: where other sandboxes use everything, and where a journal is kept, of where not.

    By processor time, which on a busy machine says more than the rate.
    """

    used_by_others: Ratio
    with_journal: Ratio


def measure_unused(client: LoadClient, rounds: int, seconds: float, say: Callable[[str], None]) -> Unused:
    """Confirm payments of a merchant without faults or webhooks on three servers, in turn.

    On one of them other sandboxes have both, on the next nobody has, and the third keeps no journal either.
    """
    with (
        shipped("--log-format", "none") as used,
        shipped("--log-format", "none") as unused,
        shipped("--log-format", "none", "--journal-entries", "0") as bare,
    ):
        with Desk(used.host, used.port) as desk:
            _use_everything(desk)
        sides = [
            ShippedSide(USED_BY_OTHERS, used, Stock(seed=6)),
            ShippedSide(UNUSED, unused, Stock(seed=7)),
            ShippedSide(NO_JOURNAL, bare, Stock(seed=8)),
        ]
        rows: list[list[Round]] = []
        for _ in range(rounds):
            for side in sides:
                side.measure(client, CREATE, 1.5 * seconds)
            rows.append([side.measure(client, CONFIRM, seconds) for side in sides])
            say("confirm: " + ", ".join(f"{each.side} {_milliseconds(each):.3f} ms" for each in rows[-1]))
        return Unused(_costs(rows, USED_BY_OTHERS, UNUSED), _costs(rows, UNUSED, NO_JOURNAL))


def _milliseconds(measured: Round) -> float:
    """Return the processor time of a request."""
    return 1000 * measured.server_cpu_seconds / measured.requests


def _costs(rows: Sequence[Sequence[Round]], side: str, to: str) -> Ratio:
    """Compare what a request costs on two sides by neighbouring rounds."""
    costs = [{each.side: _milliseconds(each) for each in row} for row in rows]
    ratios = [row[side] / row[to] for row in costs]
    return Ratio.over(ratios)


def _use_everything(desk: Desk) -> None:
    """Arm a fault, and listen to webhooks, in a sandbox of somebody else's."""
    other = desk.sandbox(contract="toss")
    path = f"/sandboxes/{other['id']}"
    fault = {"moment": "before", "effect": {"kind": "hang"}, "times": "always"}
    desk.control("POST", f"{path}/faults", fault)
    desk.control("POST", f"{path}/webhooks", {"url": "http://127.0.0.1:9/webhooks"})
