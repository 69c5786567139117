"""A wheel and an sdist of the current sources, for the tests of releases."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testkit.made_once import made_once

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "LICENSE", "payments_mock", "tests", "testkit")
BUILD = "from setuptools.build_meta import build_sdist, build_wheel; build_sdist('dist'); build_wheel('dist')"


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a wheel and an sdist, built from a copy of the sources."""
    if released := os.environ.get("DIST"):
        return Path(released)
    return made_once(tmp_path_factory, "sources", build) / "dist"


def build(copy: Path) -> None:
    """Copy the sources, and build both from the copy."""
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    subprocess.run([sys.executable, "-c", BUILD], cwd=copy, capture_output=True, check=True)


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    [wheel] = dist.glob("*.whl")
    return wheel
