"""The frame of every bench: its options, its report, where that is written, and how the command ends."""

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import NoReturn, ParamSpec

import click
import psutil

from benchmarks.errors import BenchError
from benchmarks.page import write_report

PACKAGES = ("payments-mock", "flask", "sqlalchemy", "uvicorn", "uvloop", "httptools")

Parameters = ParamSpec("Parameters")


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
        value, target = f"{self.value:,.2f}", f"{self.target:g}"
        return f"{verdict}  {self.name:<34} {value:>9}{self.unit}  (target {sign} {target}{self.unit})"


@dataclass(frozen=True)
class Report:
    """What a run found out: for people, for judgement, and as data.

    `versions` names what took part beside what always does.
    """

    lines: Sequence[str]
    checks: Sequence[Check]
    data: Mapping[str, object]
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every target is met."""
        return all(check.passed for check in self.checks)

    def text(self, seconds: float) -> str:
        """Return what a person reads; `seconds` is how long the run took."""
        about = {**machine(), **self.versions}
        return "\n".join(
            [
                ", ".join(f"{name} {value}" for name, value in about.items()),
                f"the run took {seconds / 60:.1f} minutes",
                "",
                *self.lines,
                *([""] if self.checks else []),
                *map(str, self.checks),
            ]
        )

    def as_json(self) -> str:
        """Return the figures and the verdicts for programs."""
        checks = [{**asdict(check), "passed": check.passed} for check in self.checks]
        about = {**machine(), **self.versions}
        return json.dumps({"machine": about, **self.data, "checks": checks}, indent=2) + "\n"


def machine() -> dict[str, str | int | None]:
    """Say where and with what the figures are made."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def say(message: str) -> None:
    """Tell how far the run is, apart from the report."""
    click.echo(message, err=True)


def json_option(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Give a command the option `--json`."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("--json", "json_file", type=kind, help="Write the figures here, too.")(command)


def quick_option(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Give a command the option `--quick`."""
    told = "A rough run of a minute at most, which is not written to docs/benchmarks.md."
    return click.option("--quick", is_flag=True, help=told)(command)


def run(name: str, measure: Callable[[], Report], *, is_whole: bool, json_file: Path | None) -> None:
    """Measure and report; a whole run's report takes the place of its name on the page of figures.

    Ends the process with 1 when a target is missed.

    Raises:
        click.ClickException: a bench could not be run to its end.
    """
    signal.signal(signal.SIGTERM, _end_by_signal)
    began = time.monotonic()
    report = measured(measure)
    text = report.text(time.monotonic() - began)
    click.echo(text)
    if is_whole:
        write_report(name, text)
    if json_file:
        json_file.write_text(report.as_json())
    if not report.passed:
        sys.exit(1)


def measured(measure: Callable[[], Report]) -> Report:
    """Measure; raises click.ClickException with the reason when that can't be brought to its end."""
    try:
        return measure()
    except psutil.NoSuchProcess as error:
        raise click.ClickException(f"a server ended during the run: {error}") from error
    except (BenchError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _end_by_signal(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that every server is stopped on the way out."""
    sys.exit(128 + number)
