"""What rounds add up to: rates, latencies and costs of each side, and ratios between neighbours."""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.rounds import Round

OTHERS_SHARE_AT_MOST = 0.1
CLIENT_SHARE_AT_MOST = 0.8


@dataclass(frozen=True)
class Ratio:
    """A ratio over pairs of neighbouring rounds."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def over(cls, ratios: Sequence[float]) -> "Ratio":
        """Sum up the ratios of all pairs."""
        return cls(statistics.median(ratios), min(ratios), max(ratios))

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.lowest:.2f}-{self.highest:.2f})"


@dataclass(frozen=True)
class Figures:
    """All rounds of one operation on one side; the rate is the median of the rounds' rates.

    Processor time is that of a request: the server's, and that of a database with processes of its own.
    """

    side: str
    operation: str
    requests: int
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    cpu_milliseconds: float
    database_cpu_milliseconds: float
    client_share: float


@dataclass(frozen=True)
class Rows:
    """The rounds of a run; each row has neighbouring rounds of one operation, one of each side."""

    rows: Sequence[Sequence[Round]]

    def figures(self, side: str, operation: str | None = None) -> Figures:
        """Add up one side's rounds, of one operation or of all."""
        rounds = [
            each for each in self._rounds() if each.side == side and operation in (None, each.operation)
        ]
        requests = sum(each.requests for each in rounds)
        latencies = sorted(latency for each in rounds for latency in each.latencies)
        return Figures(
            side,
            operation or "bare route",
            requests,
            statistics.median(each.rate for each in rounds),
            1000 * latencies[len(latencies) // 2],
            1000 * latencies[len(latencies) * 99 // 100],
            1000 * sum(each.server_cpu_seconds for each in rounds) / requests,
            1000 * sum(each.database_cpu_seconds for each in rounds) / requests,
            sum(each.client_cpu_seconds for each in rounds) / sum(each.seconds for each in rounds),
        )

    def ratio(
        self, operation: str, side: str, to: str, of: Callable[[Round], float] = lambda each: each.rate
    ) -> Ratio:
        """Compare two sides by pairs of neighbouring rounds, by their rates unless told otherwise."""
        rows = [{each.side: of(each) for each in row} for row in self.rows if row[0].operation == operation]
        return Ratio.over([values[side] / values[to] for values in rows if {side, to} <= values.keys()])

    def rates(self, operation: str) -> list[dict[str, float]]:
        """Return the rates of each row of an operation, by side."""
        return [{each.side: each.rate for each in row} for row in self.rows if row[0].operation == operation]

    @property
    def operations(self) -> list[str]:
        """The operations measured, in their order."""
        return list(dict.fromkeys(row[0].operation for row in self.rows))

    @property
    def others_share(self) -> float:
        """The share of the machine that went to processes which are no part of the bench."""
        seconds = sum(each.seconds for each in self._rounds())
        return sum(each.other_cpu_seconds for each in self._rounds()) / seconds / (os.cpu_count() or 1)

    def _rounds(self) -> Iterator[Round]:
        return (each for row in self.rows for each in row)


def tail_of(measured: Round) -> float:
    """Return how many times as long as its p50 the p99 of a round is."""
    latencies = sorted(measured.latencies)
    return latencies[len(latencies) * 99 // 100] / latencies[len(latencies) // 2]


def heading(title: str) -> str:
    """Return the line above `line`s."""
    return (
        f"{title:<20}{'requests/s':>11}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}"
        "   ratio: median (lowest-highest)"
    )


def line(label: str, figures: Figures, note: str) -> str:
    """Return a side's figures in a line, with remarks."""
    return (
        f"  {label:<18}{figures.requests_per_second:>11,.0f}{figures.p50_milliseconds:>8.2f}"
        f"{figures.p99_milliseconds:>8.2f}{figures.cpu_milliseconds:>8.3f}   {note}"
    )


def client_note(ceiling: Figures) -> str:
    """Say how busy the client was at the ceiling, where it has the most to do."""
    doubt = ", too much to trust the ceiling" if ceiling.client_share > CLIENT_SHARE_AT_MOST else ""
    return f"the client used {ceiling.client_share:.0%} of a core{doubt}"


def noise(share: float) -> str:
    """Say how much of the machine other processes took, and whether that is too much."""
    verdict = ": too noisy to judge, run again" if share > OTHERS_SHARE_AT_MOST else ""
    return f"other processes took {share:.0%} of the machine during the rounds{verdict}"
