"""A real PostgreSQL for a session of tests, which makes empty databases on demand."""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from benchmarks.errors import PostgresqlMissingError
from benchmarks.postgresql_cluster import make_cluster

START_SECONDS = 60.0
LOOK_SECONDS = 0.02

# Nothing here survives the session, so nothing waits for the disk.
_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}

# The shell does what it reads: START, or the signal that ends the server. It ends the server and removes its
# files when its own input ends, as it does however the tests end.
_KEEPER = """
halt() { [ -z "$server" ] || { kill -"$1" "$server"; wait "$server"; }; server=; }
"$@" & server=$!
while read -r order; do
  case $order in
    START) "$@" & server=$! ;;
    *) halt "$order" ;;
  esac
done
halt QUIT
cd / && rm -rf "$0"
"""


class Halt(StrEnum):
    """How a server is ended: by the signal that PostgreSQL has for it."""

    FAST = "INT"
    IMMEDIATE = "QUIT"


class Postgresql:
    """A server of this process's own, listening in a folder of its own, gone with this process.

    One that `keeps_commits` loses nothing that was committed when it is halted at once; as nothing is written
    to the disk in earnest, that does not go for a failure of the machine.
    """

    def __init__(self, *, keeps_commits: bool = False) -> None:
        self._settings = _SETTINGS | ({"synchronous_commit": "on"} if keeps_commits else {})
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    @property
    def socket_folder(self) -> Path:
        """Where its socket is."""
        return self._folder

    def create(self) -> str:
        """Make an empty database, and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        return name

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement outside of any transaction, and return its rows."""
        import psycopg

        target = f"host={self._folder} user=postgres dbname={database}"
        with psycopg.connect(target, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def cut_connections(self, database: str) -> None:
        """End every connection to a database, as a restart does."""
        self.run(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'")

    def halt(self, how: Halt) -> None:
        """Stop the server, and return once it refuses connections; its databases stay."""
        self._order(how)
        deadline = time.monotonic() + START_SECONDS
        while self._is_ready():
            assert time.monotonic() < deadline, self._log.read_text()[-2000:]
            time.sleep(LOOK_SECONDS)

    def start_again(self) -> None:
        """Start the server after a `halt`, and return once it lets clients in."""
        self._order("START")
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server and remove its files."""
        keeper = getattr(self, "_keeper", None)
        if keeper is not None:
            keeper.stdin.close()
            keeper.wait(START_SECONDS)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        cluster = make_cluster(self._folder)
        self._log = self._folder / "log"
        with self._log.open("wb") as log:
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", _KEEPER, str(self._folder), *cluster.command(self._settings)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **cluster.process_options,
            )
        self._wait_until_ready()

    def _order(self, what: str) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(f"{what}\n".encode())
        self._keeper.stdin.flush()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._keeper.poll() is not None or time.monotonic() > deadline:
                raise PostgresqlMissingError(self._log.read_text()[-2000:])
            time.sleep(LOOK_SECONDS)

    def _is_ready(self) -> bool:
        import psycopg

        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_postgresql(*, keeps_commits: bool = False) -> Iterator[Postgresql]:
    """Run a server for the length of a block, or skip the test if that is impossible here.

    In CI that is a failure instead.
    """
    try:
        server = Postgresql(keeps_commits=keeps_commits)
    except PostgresqlMissingError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL: {error}")
    try:
        yield server
    finally:
        server.stop()
