"""How long answers took, as percentiles of all or of each second."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Percentiles:
    """Milliseconds a request took."""

    p50: float
    p99: float

    @classmethod
    def over(cls, seconds: Iterable[float]) -> "Percentiles":
        """Sum up latencies."""
        percents = quantiles(seconds, n=100)
        return cls(1000 * percents[49], 1000 * percents[98])

    @property
    def tail(self) -> float:
        """How many times as long as p50 the p99 is."""
        return self.p99 / self.p50


def by_second(operations: Iterable["array[float]"], seconds: float) -> Sequence[Percentiles]:
    """Sum up each second of a steady load, from the latencies of its operations, each in their order.

    As many lives begin in each second, it is the same part of all of them.
    """
    parts, latencies = max(1, round(seconds)), list(operations)
    return [
        Percentiles.over(
            taken
            for each in latencies
            for taken in each[_part(each, number, parts) : _part(each, number + 1, parts)]
        )
        for number in range(parts)
    ]


def _part(latencies: "array[float]", number: int, parts: int) -> int:
    return len(latencies) * number // parts
