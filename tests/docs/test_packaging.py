"""What is installed is whole: a wheel holds every file that the product reads when it runs."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "payments_mock")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build a wheel from a copy of the sources, and return the names of its files."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    build = "from setuptools.build_meta import build_wheel; build_wheel('wheel')"
    subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, check=True)
    [wheel] = (copy / "wheel").glob("*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_every_file_of_the_package(packed: set[str]) -> None:
    sources = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "payments_mock").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".orig", ".rej"}
    }

    assert sources <= packed


def test_a_wheel_holds_nothing_else(packed: set[str]) -> None:
    assert {name.split("/")[0] for name in packed if ".dist-info/" not in name} == {"payments_mock"}
