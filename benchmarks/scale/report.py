"""What is said of PostgreSQL beside SQLite, and of workers beside one."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.command import Check, Report
from benchmarks.figures import Rows, client_note, heading, line, noise
from benchmarks.scale.far import Far

CEILING = "ceiling"
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
DATABASES = (SQLITE, POSTGRESQL)
WORKERS = (1, 2, 4)
CORES_BESIDE_WORKERS = 1
"""What the client needs at least, so that it is not workers that wait for it."""


@dataclass(frozen=True)
class Kind:
    """A database, and how many workers a server has on it."""

    database: str
    workers: int

    @property
    def name(self) -> str:
        """What its side is called."""
        return f"{self.database}, {self.workers}"


KINDS = tuple(Kind(database, workers) for workers in WORKERS for database in DATABASES)
"""In this order, so that the sides that are compared most run right after each other."""


OF_SQLITE_AT_LEAST = {"get": 0.45, "confirm": 0.35}
CPU_OF_SQLITE_AT_MOST = 2.2


def report(rows: Rows, far: Far, versions: Mapping[str, str], cores: int | None = None) -> Report:
    """Return what is shown and kept; of more workers nothing is judged, as it depends on the cores."""
    cores = cores or os.cpu_count() or 1
    lines = [*_databases(rows), "", *_workers(rows), "", *far.lines()]
    lines += ["", noise(rows.others_share), *_warning(cores)]
    return Report(lines, [*_checks(rows), *far.checks()], _data(rows, far), versions)


def _checks(rows: Rows) -> Iterator[Check]:
    """Hold one worker on PostgreSQL against one on SQLite."""
    ours, other = Kind(POSTGRESQL, 1).name, Kind(SQLITE, 1).name
    for name, least in OF_SQLITE_AT_LEAST.items():
        yield Check(f"{name}, of SQLite's rate", rows.ratio(name, ours, other).median, least, True)
    cost = rows.ratio("confirm", ours, other, lambda each: each.server_cpu_seconds / each.requests)
    yield Check("CPU of a confirm, of SQLite's", cost.median, CPU_OF_SQLITE_AT_MOST, False)


def _databases(rows: Rows) -> Iterator[str]:
    yield heading("one worker")
    ceiling = rows.figures(CEILING)
    yield line("ceiling", ceiling, client_note(ceiling))
    for database in DATABASES:
        side = Kind(database, 1).name
        yield f"on {database}"
        for name in rows.operations:
            note = f"{rows.ratio(name, side, CEILING)} of the ceiling"
            if database == POSTGRESQL:
                note += f", {rows.ratio(name, side, Kind(SQLITE, 1).name)} of SQLite"
            yield line(name, rows.figures(side, name), note)
    yield "CPU ms of PostgreSQL's own processes, beside the server's"
    for name in rows.operations:
        own = rows.figures(Kind(POSTGRESQL, 1).name, name).database_cpu_milliseconds
        yield f"  {name:<18}{own:>35.3f}"


def _workers(rows: Rows) -> Iterator[str]:
    more = WORKERS[1:]
    yield _columns("of one worker", [f"{count} workers" for count in more])
    for database in DATABASES:
        yield f"on {database}"
        alone = Kind(database, 1).name
        for name in rows.operations:
            ratios = [rows.ratio(name, Kind(database, count).name, alone) for count in more]
            yield _columns(f"  {name}", [str(ratio) for ratio in ratios])


def _columns(label: str, values: Sequence[str]) -> str:
    return (f"{label:<20}" + "".join(f"{value:<20}" for value in values)).rstrip()


def _warning(cores: int) -> Sequence[str]:
    too_many = [count for count in WORKERS[1:] if count > cores - CORES_BESIDE_WORKERS]
    if not too_many:
        return ()
    return (
        f"this machine has {cores} cores, of which the client needs its part, and PostgreSQL another:",
        f"{' and '.join(map(str, too_many))} workers can't show here what they do on a larger one",
    )


def _data(rows: Rows, far: Far) -> dict[str, object]:
    """Return sums and each round's rate, without single latencies."""
    return {
        "others_share": rows.others_share,
        "far": asdict(far),
        "ceiling": asdict(rows.figures(CEILING)),
        "operations": [
            {
                "operation": name,
                "figures": [asdict(rows.figures(kind.name, name)) for kind in KINDS],
                "rates": rows.rates(name),
            }
            for name in rows.operations
        ],
    }
