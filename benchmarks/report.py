"""What `make bench` says of the server: the figures, and the targets they are held against."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.command import Check, Report
from benchmarks.figures import Ratio, Rows, client_note, heading, line, noise, tail_of
from benchmarks.servers import Memory
from benchmarks.starts import Start
from benchmarks.toss import KIOSK, TOSS

CEILING, EMPTY, STORED = "ceiling", "empty", "stored"

OF_CEILING_AT_LEAST = {"confirm": 0.40, "get": 0.65}
STORED_OF_EMPTY_AT_LEAST = 0.85
TOSS_OF_KIOSK_AT_LEAST = {"confirm": 0.8, "get": 0.8}
START_OF_BARE_AT_MOST = 2.7
IDLE_MEGABYTES_AT_MOST = 80.0
TAIL_OF_CEILING_AT_MOST = 1.0
"""How many times p50 the p99 is, of the same of the bare app in the rounds next to ours."""


@dataclass(frozen=True)
class Results:
    """Everything one run of the bench found out."""

    rows: Rows
    stored: int
    cold_starts: list[Start]
    idle: Memory
    loaded: Memory
    stored_loaded: Memory

    def checks(self) -> Iterator[Check]:
        """Hold the figures against their targets; ratios by their median."""
        for name, least in OF_CEILING_AT_LEAST.items():
            yield Check(f"{name} of the ceiling", self._median(name, EMPTY, CEILING), least, True)
        for name in self.rows.operations:
            of_empty = self._median(name, STORED, EMPTY)
            yield Check(f"{name}, {self.stored:,} stored of empty", of_empty, STORED_OF_EMPTY_AT_LEAST, True)
        for name, least in TOSS_OF_KIOSK_AT_LEAST.items():
            yield Check(f"{name} on toss, of kiosk", self._median(name, TOSS, KIOSK), least, True)
        for name in OF_CEILING_AT_LEAST:
            tail = self.rows.ratio(name, EMPTY, CEILING, tail_of).median
            yield Check(f"{name}, p99 of p50, of the ceiling's", tail, TAIL_OF_CEILING_AT_MOST, False)
        start = self._start_of_bare.median
        yield Check("first approved payment, of bare Flask's answer", start, START_OF_BARE_AT_MOST, False)
        yield Check("idle memory", self.idle.judged, IDLE_MEGABYTES_AT_MOST, False, " MB")

    @property
    def _start_of_bare(self) -> Ratio:
        return Ratio.over([each.ratio for each in self.cold_starts])

    def _median(self, operation: str, side: str, to: str) -> float:
        return self.rows.ratio(operation, side, to).median

    def report(self, versions: Mapping[str, str]) -> Report:
        """Return what is shown and kept; `versions` is of what only the bench needs."""
        lines = [*self._table(), "", *self._start_and_memory(), noise(self.rows.others_share)]
        return Report(lines, list(self.checks()), self._data(), versions)

    def _table(self) -> Iterator[str]:
        rows, ceiling = self.rows, self.rows.figures(CEILING)
        yield heading("one worker")
        yield line("ceiling", ceiling, client_note(ceiling))
        for name in rows.operations:
            ratio = rows.ratio(name, EMPTY, CEILING)
            yield line(name, rows.figures(EMPTY, name), f"{ratio} of the ceiling")
        yield f"with {self.stored:,} stored payments"
        for name in rows.operations:
            yield line(name, rows.figures(STORED, name), f"{rows.ratio(name, STORED, EMPTY)} of empty")
        yield "on the Toss contract, beside the kiosk one"
        for name in TOSS_OF_KIOSK_AT_LEAST:
            yield line(name, rows.figures(TOSS, name), f"{rows.ratio(name, TOSS, KIOSK)} of kiosk")

    def _start_and_memory(self) -> Iterator[str]:
        healths = [each.to_health for each in self.cold_starts]
        payments = [each.to_payment for each in self.cold_starts]
        bare = [each.bare for each in self.cold_starts]
        yield f"cold start     {_seconds(healths)} (from exec to the first 200 on /health)"
        yield f"  to a payment {_seconds(payments)} (to the first payment that is created and confirmed)"
        yield f"  bare Flask   {_seconds(bare)} (to its first answer, on granian)"
        yield f"  ratio        {self._start_of_bare} (to a payment, of bare Flask)"
        yield f"memory idle    {_megabytes(self.idle)}"
        yield f"memory loaded  {_megabytes(self.loaded)}"
        yield f"  with stored  {_megabytes(self.stored_loaded)}"

    def _data(self) -> dict[str, object]:
        """Return sums and each round's rate, without single latencies."""
        return {
            "stored": self.stored,
            "others_share": self.rows.others_share,
            "ceiling": asdict(self.rows.figures(CEILING)),
            "operations": [self._operation_data(name) for name in self.rows.operations],
            "toss": [self._toss_data(name) for name in TOSS_OF_KIOSK_AT_LEAST],
            "cold_start_seconds": [asdict(each) for each in self.cold_starts],
            "memory_megabytes": {
                "idle": asdict(self.idle),
                "loaded": asdict(self.loaded),
                "loaded_with_stored": asdict(self.stored_loaded),
            },
        }

    def _operation_data(self, name: str) -> dict[str, object]:
        return {
            "operation": name,
            "empty": asdict(self.rows.figures(EMPTY, name)),
            "stored": asdict(self.rows.figures(STORED, name)),
            "empty_of_ceiling": asdict(self.rows.ratio(name, EMPTY, CEILING)),
            "stored_of_empty": asdict(self.rows.ratio(name, STORED, EMPTY)),
            "rates": self.rows.rates(name),
        }

    def _toss_data(self, name: str) -> dict[str, object]:
        return {
            "operation": name,
            "kiosk": asdict(self.rows.figures(KIOSK, name)),
            "toss": asdict(self.rows.figures(TOSS, name)),
            "toss_of_kiosk": asdict(self.rows.ratio(name, TOSS, KIOSK)),
        }


def _seconds(starts: Sequence[float]) -> str:
    return f"median {statistics.median(starts):.2f} s, worst {max(starts):.2f} s of {len(starts)}"


def _megabytes(memory: Memory) -> str:
    pss = "PSS not readable" if memory.pss is None else f"PSS {memory.pss:.0f} MB"
    return f"{pss}, RSS {memory.rss:.0f} MB, all processes added up"
