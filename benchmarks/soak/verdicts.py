"""What a soak must show: all is flat once it is warm, answers come evenly, and nothing is left open."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Final

from benchmarks.command import Check
from benchmarks.figures import Ratio
from benchmarks.soak.percentiles import Percentiles, by_second

WARM_UP: Final = 0.25
"""The first part of a soak, in which caches fill."""

PRUNED_LATE: Final = 1.1
"""The journal is cut back now and then only, so that it may hold a little more in between."""

MEMORY_GROWTH: Final = 1.05
TAIL_GROWTH: Final = 1.5
TAIL_OF_BARE_AT_MOST: Final = 1.0
"""How many times p50 the p99 of a second is, of the same of the bare app right after it."""
STORED_GROWTH: Final = 1.1
LOG_MEGABYTES: Final = 170.0


@dataclass(frozen=True)
class Shares:
    """How busy everything was: the server and the client of one core, other processes of the machine."""

    server: float
    client: float
    others: float


@dataclass(frozen=True)
class Sample:
    """A part of a soak, and what its end finds.

    `minute` is when it ended, by the time of steady load alone, and `seconds` how long it was. `full_speed`
    is how many lifecycles a second the server could do right before. `latencies` and `client_late` are in
    seconds, memory and sizes in megabytes; `log` is what SQLite keeps beside the file. `held_up` counts the
    lifecycles that began late because every connection was waiting, `so_far` all that the server has ever
    seen. `bare` is what each second of the bare app's load took.
    """

    minute: float
    seconds: float
    full_speed: float
    latencies: Mapping[str, "array[float]"]
    lives: int
    so_far: int
    client_late: "array[float]"
    held_up: int
    shares: Shares
    memory: float
    stored: float
    log: float
    bare: Sequence[Percentiles]

    @property
    def rate(self) -> float:
        """Lifecycles ended a second."""
        return self.lives / self.seconds

    @cached_property
    def by_second(self) -> Sequence[Percentiles]:
        """What the requests of each second took."""
        return by_second(self.latencies.values(), self.seconds)

    @property
    def tail(self) -> float:
        """How many times as long as p50 the p99 of a second is, in the median."""
        return median(each.tail for each in self.by_second)

    @property
    def bare_tail(self) -> float:
        """The same of the bare app."""
        return median(each.tail for each in self.bare)

    @property
    def percentiles(self) -> Percentiles:
        """What its requests took, whatever they asked."""
        return Percentiles.over(seconds for taken in self.latencies.values() for seconds in taken)


@dataclass(frozen=True)
class Holdings:
    """What a server at rest holds open."""

    threads: int
    sockets: int
    files: int


@dataclass(frozen=True)
class Soaked:
    """All that a soak found out; `entries` is how many calls the journal holds, `kept` how many it is to."""

    samples: Sequence[Sample]
    before: Holdings
    after: Holdings
    entries: int
    kept: int

    @property
    def warm(self) -> Sequence[Sample]:
        """The samples after the warm-up."""
        return self.samples[int(len(self.samples) * WARM_UP) :]

    def percentiles(self, operation: str | None = None) -> Percentiles:
        """Sum up all requests after the warm-up, or those of one operation."""
        return Percentiles.over(
            seconds
            for sample in self.warm
            for name, taken in sample.latencies.items()
            if operation in (None, name)
            for seconds in taken
        )

    @property
    def tail(self) -> Ratio:
        """How long the tail of each warm sample is, of that of the bare app right after it.

        What a machine that is shared makes of any server's answers changes from minute to minute, so only
        neighbours are compared, each by its seconds.
        """
        return Ratio.over([each.tail / each.bare_tail for each in self.warm])

    @property
    def tails(self) -> Sequence[float]:
        """How many times as long as p50 the p99 of each warm second is.

        A machine that is shared becomes slower now and then, for a tenth of a second to some seconds, even
        for a program that only counts. What is asked meanwhile piles up, and would be the p99 of the whole.
        """
        return [second.tail for sample in self.warm for second in sample.by_second]

    @property
    def bare_tails(self) -> Sequence[float]:
        """The same of the bare app, whose answer is a constant."""
        return [second.tail for sample in self.warm for second in sample.bare]

    def checks(self) -> Iterator[Check]:
        """Hold the soak against its promises: the last quarter of the warm samples against the first."""
        quarter = max(1, len(self.warm) // 4)
        first, last = self.warm[:quarter], self.warm[-quarter:]
        memory = median(each.memory for each in last) / median(each.memory for each in first)
        tail = median(each.percentiles.p99 for each in last) / median(each.percentiles.p99 for each in first)
        yield Check("p99 of p50, of the bare app's", self.tail.median, TAIL_OF_BARE_AT_MOST, False)
        yield Check("p99 at the end, of at the start", tail, TAIL_GROWTH, False)
        yield Check("memory at the end, of at the start", memory, MEMORY_GROWTH, False)
        yield Check("threads more than before", self.after.threads - self.before.threads, 0, False)
        yield Check("sockets more than before", self.after.sockets - self.before.sockets, 0, False)
        yield Check("files more than before", self.after.files - self.before.files, 0, False)
        yield Check("entries in the journal", self.entries, self.kept * PRUNED_LATE, False)
        yield Check(
            "write-ahead log, most", max(each.log for each in self.samples), LOG_MEGABYTES, False, " MB"
        )
        if quarter > 1 and _stored_per_life(first) > 0:
            growth = _stored_per_life(last) / _stored_per_life(first)
            yield Check("bytes a payment, end of start", growth, STORED_GROWTH, False)


def _stored_per_life(samples: Sequence[Sample]) -> float:
    """Return the megabytes that a life added to the database between the ends of the first and the last."""
    first, last = samples[0], samples[-1]
    return (last.stored - first.stored) / (last.so_far - first.so_far)
