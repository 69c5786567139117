"""The vendor's own npm packages, installed for the tests by npm and kept nowhere else."""

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = (
    "@tosspayments/tosspayments-sdk@2.8.1",
    "@tosspayments/payment-sdk@1.9.3",
    "@tosspayments/payment-widget-sdk@0.12.2",
)
INSTALL_SECONDS = 120


def install_packages(folder: Path) -> Path:
    """Return where the loaders are inside `folder`: installed by the first of several processes that ask.

    The tests that need them are skipped where npm is missing or cannot reach its registry, but never in CI.
    """
    folder.mkdir(exist_ok=True)
    installed = folder / "node_modules" / "@tosspayments"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists():
            _install(folder)
    return installed


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        give_up("no npm on this machine")
    command = [str(npm), "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
    installed = subprocess.run(
        [*command, *PACKAGES], capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if installed.returncode != 0:
        give_up(f"npm could not install the loaders: {installed.stderr[-300:]}")


def give_up(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def members(declarations: str, opening: str) -> set[str]:
    """Name the members of the block that `opening` begins in TypeScript declarations."""
    start = declarations.index(opening) + len(opening)
    depth, end = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(declarations[end], 0)
        end += 1
    block = re.sub(r"/\*.*?\*/", "", declarations[start : end - 1], flags=re.DOTALL)
    flat = []
    for line in block.splitlines():
        if depth == 0 and (found := re.match(r"\s*(?:readonly )?(\w+)\??:", line)):
            flat.append(found[1])
        depth += line.count("{") + line.count("(") - line.count("}") - line.count(")")
    return set(flat)
