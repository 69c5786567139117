"""What the rounds add up to: the figures, the targets they are held against, and how both are shown."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.rounds import Round
from benchmarks.servers import Memory
from benchmarks.toss import KIOSK, TOSS

CEILING, EMPTY, STORED = "ceiling", "empty", "stored"

OF_CEILING_AT_LEAST = {"confirm": 0.25, "get": 0.40}
STORED_OF_EMPTY_AT_LEAST = 0.8
TOSS_OF_KIOSK_AT_LEAST = {"confirm": 0.8, "get": 0.8}
COLD_START_SECONDS_AT_MOST = 1.0
IDLE_MEGABYTES_AT_MOST = 120.0
CLIENT_SHARE_AT_MOST = 0.8
OTHERS_SHARE_AT_MOST = 0.1


@dataclass(frozen=True)
class Ratio:
    """A ratio over pairs of neighbouring rounds."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.lowest:.2f}-{self.highest:.2f})"


@dataclass(frozen=True)
class Figures:
    """All rounds of one operation on one side; the rate is the median of the rounds' rates."""

    side: str
    operation: str
    requests: int
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    cpu_milliseconds: float
    client_share: float


@dataclass(frozen=True)
class Check:
    """A figure beside its target."""

    name: str
    value: float
    target: float
    at_least: bool
    unit: str = ""

    @property
    def passed(self) -> bool:
        """Whether the target is met."""
        return self.value >= self.target if self.at_least else self.value <= self.target

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "PASS" if self.passed else "FAIL"
        target = f"(target {sign} {self.target:g}{self.unit})"
        return f"{verdict}  {self.name:<34} {self.value:8.2f}{self.unit}  {target}"


@dataclass(frozen=True)
class Results:
    """Everything one run of the bench found out."""

    rows: list[list[Round]]
    stored: int
    cold_starts: list[float]
    idle: Memory
    loaded: Memory
    stored_loaded: Memory

    def figures(self, side: str, operation: str | None = None) -> Figures:
        """Add up one side's rounds, of one operation or of all."""
        rounds = [
            each
            for row in self.rows
            for each in row
            if each.side == side and operation in (None, each.operation)
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
            sum(each.client_cpu_seconds for each in rounds) / sum(each.seconds for each in rounds),
        )

    def ratio(self, operation: str, side: str, to: str) -> Ratio:
        """Compare two sides' rates by pairs of neighbouring rounds."""
        rounds = [
            {each.side: each.rate for each in row} for row in self.rows if row[0].operation == operation
        ]
        ratios = [rates[side] / rates[to] for rates in rounds if {side, to} <= rates.keys()]
        return Ratio(statistics.median(ratios), min(ratios), max(ratios))

    @property
    def others_share(self) -> float:
        """The share of the machine that went to processes which are no part of the bench."""
        rounds = [each for row in self.rows for each in row]
        cores = os.cpu_count() or 1
        return sum(each.other_cpu_seconds for each in rounds) / sum(each.seconds for each in rounds) / cores

    @property
    def operations(self) -> list[str]:
        """The operations measured, in their order."""
        return list(dict.fromkeys(row[0].operation for row in self.rows))

    def checks(self) -> list[Check]:
        """Hold the figures against their targets; ratios by their median."""
        return [
            *[
                Check(f"{name} of the ceiling", self.ratio(name, EMPTY, CEILING).median, least, True)
                for name, least in OF_CEILING_AT_LEAST.items()
            ],
            *[
                Check(
                    f"{name}, {self.stored:,} stored of empty",
                    self.ratio(name, STORED, EMPTY).median,
                    STORED_OF_EMPTY_AT_LEAST,
                    True,
                )
                for name in self.operations
            ],
            *[
                Check(f"{name} on toss, of kiosk", self.ratio(name, TOSS, KIOSK).median, least, True)
                for name, least in TOSS_OF_KIOSK_AT_LEAST.items()
            ],
            Check(
                "cold start, median",
                statistics.median(self.cold_starts),
                COLD_START_SECONDS_AT_MOST,
                False,
                " s",
            ),
            Check("idle memory", self.idle.judged, IDLE_MEGABYTES_AT_MOST, False, " MB"),
        ]


def machine() -> dict[str, str | int | None]:
    """Say where and with what the figures were made."""
    packages = ("payments-mock", "flask", "granian", "sqlalchemy", "uvicorn", "uvloop", "httptools")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def as_text(results: Results) -> str:
    """Return the report a person reads."""
    parts = [
        ", ".join(f"{name} {value}" for name, value in machine().items()),
        "",
        *_table(results),
        "",
        *_start_and_memory(results),
        _noise(results),
        "",
        *map(str, results.checks()),
    ]
    return "\n".join(parts)


def _table(results: Results) -> Iterable[str]:
    ceiling = results.figures(CEILING)
    yield (
        f"{'one worker':<20}{'requests/s':>11}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}"
        "   ratio: median (lowest-highest)"
    )
    yield _line("ceiling", ceiling, f"the client used {ceiling.client_share:.0%} of a core{_doubt(ceiling)}")
    for name in results.operations:
        ratio = results.ratio(name, EMPTY, CEILING)
        yield _line(name, results.figures(EMPTY, name), f"{ratio} of the ceiling")
    yield f"with {results.stored:,} stored payments"
    for name in results.operations:
        ratio = results.ratio(name, STORED, EMPTY)
        yield _line(name, results.figures(STORED, name), f"{ratio} of empty")
    yield "on the Toss contract, beside the kiosk one"
    for name in TOSS_OF_KIOSK_AT_LEAST:
        ratio = results.ratio(name, TOSS, KIOSK)
        yield _line(name, results.figures(TOSS, name), f"{ratio} of kiosk")


def _line(label: str, figures: Figures, note: str) -> str:
    return (
        f"  {label:<18}{figures.requests_per_second:>11,.0f}{figures.p50_milliseconds:>8.2f}"
        f"{figures.p99_milliseconds:>8.2f}{figures.cpu_milliseconds:>8.3f}   {note}"
    )


def _doubt(ceiling: Figures) -> str:
    return ", too much to trust the ceiling" if ceiling.client_share > CLIENT_SHARE_AT_MOST else ""


def _start_and_memory(results: Results) -> Iterable[str]:
    starts = results.cold_starts
    yield (
        f"cold start     median {statistics.median(starts):.2f} s, worst {max(starts):.2f} s of {len(starts)}"
        " (from exec to the first 200 on /health)"
    )
    yield f"memory idle    {_megabytes(results.idle)}"
    yield f"memory loaded  {_megabytes(results.loaded)}"
    yield f"  with stored  {_megabytes(results.stored_loaded)}"


def _noise(results: Results) -> str:
    share = results.others_share
    verdict = ": too noisy to judge, run again" if share > OTHERS_SHARE_AT_MOST else ""
    return f"other processes took {share:.0%} of the machine during the rounds{verdict}"


def _megabytes(memory: Memory) -> str:
    pss = "PSS not readable" if memory.pss is None else f"PSS {memory.pss:.0f} MB"
    return f"{pss}, RSS {memory.rss:.0f} MB, all processes added up"


def as_data(results: Results) -> dict[str, object]:
    """Return the figures for `--json`: sums and each round's rate, without single latencies."""
    return {
        "machine": machine(),
        "stored": results.stored,
        "others_share": results.others_share,
        "ceiling": asdict(results.figures(CEILING)),
        "operations": [_operation_data(results, name) for name in results.operations],
        "toss": [_toss_data(results, name) for name in TOSS_OF_KIOSK_AT_LEAST],
        "cold_start_seconds": results.cold_starts,
        "memory_megabytes": {
            "idle": asdict(results.idle),
            "loaded": asdict(results.loaded),
            "loaded_with_stored": asdict(results.stored_loaded),
        },
        "checks": [{**asdict(check), "passed": check.passed} for check in results.checks()],
    }


def _operation_data(results: Results, name: str) -> dict[str, object]:
    rows: Sequence[Sequence[Round]] = [row for row in results.rows if row[0].operation == name]
    return {
        "operation": name,
        "empty": asdict(results.figures(EMPTY, name)),
        "stored": asdict(results.figures(STORED, name)),
        "empty_of_ceiling": asdict(results.ratio(name, EMPTY, CEILING)),
        "stored_of_empty": asdict(results.ratio(name, STORED, EMPTY)),
        "rates": [{each.side: each.rate for each in row} for row in rows],
    }


def _toss_data(results: Results, name: str) -> dict[str, object]:
    return {
        "operation": name,
        "kiosk": asdict(results.figures(KIOSK, name)),
        "toss": asdict(results.figures(TOSS, name)),
        "toss_of_kiosk": asdict(results.ratio(name, TOSS, KIOSK)),
    }
