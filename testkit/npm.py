"""Packages of npm, installed for the tests and kept nowhere else."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from testkit.made_once import made_once

INSTALL_SECONDS = 120


def install_packages(folders: pytest.TempPathFactory, name: str, packages: Sequence[str]) -> Path:
    """Return the folder of this name, with these packages.

    The tests that need them are skipped where npm is missing or cannot reach its registry, but never in CI.
    """
    return made_once(folders, name, lambda folder: _install(folder, packages))


def _install(folder: Path, packages: Sequence[str]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        give_up("no npm on this machine")
    command = [str(npm), "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
    installed = subprocess.run(
        [*command, *packages], capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if installed.returncode != 0:
        give_up(f"npm could not install the packages: {installed.stderr[-300:]}")


def give_up(reason: str) -> None:
    """Skip a test that the machine can't run, but fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
