"""What is released is whole: wheel and sdist hold every file that the product reads; a wheel alone serves.

With DIST in the environment, a folder, the wheel and the sdist in it are looked at; else both are built.
"""

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests

from payments_mock import __version__
from testkit.depth import waits_for_ci

ROOT = Path(__file__).parents[2]
DATA = {".html", ".css", ".js", ".csv", ".svg", ".ini", ".mako", ".sql"}
OURS = {
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "payments_mock").rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".orig", ".rej"}
}


@pytest.fixture(scope="module")
def in_wheel(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def in_sdist(dist: Path) -> set[str]:
    """Return the names of the sdist's files, without the folder that holds them all."""
    [sdist] = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def test_a_wheel_holds_every_file_of_the_package(in_wheel: set[str]) -> None:
    assert in_wheel >= OURS


def test_an_sdist_holds_every_file_of_the_package(in_sdist: set[str]) -> None:
    assert in_sdist >= OURS


def test_each_kind_of_data_and_the_mark_of_types_are_in_both(in_wheel: set[str], in_sdist: set[str]) -> None:
    for held in (in_wheel, in_sdist):
        assert {Path(name).suffix for name in held if name.startswith("payments_mock/")} >= DATA
        assert "payments_mock/py.typed" in held


def test_a_wheel_holds_nothing_else(in_wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in in_wheel if ".dist-info/" not in name} == {"payments_mock"}


def test_an_sdist_holds_no_tests(in_sdist: set[str]) -> None:
    assert {name.split("/")[0] for name in in_sdist if "/" in name} == {
        "payments_mock",
        "payments_mock.egg-info",
    }


def test_both_hold_the_license(in_wheel: set[str], in_sdist: set[str]) -> None:
    assert [name for name in in_wheel if name.endswith(".dist-info/licenses/LICENSE")]
    assert "LICENSE" in in_sdist


@pytest.fixture
def served(wheel: Path, tmp_path: Path) -> Iterator[str]:
    """Install the wheel alone into an empty folder, start a server from there, and give its base URL."""
    place = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--no-compile", "--target", place, wheel], check=True)
    environment = os.environ | {"PYTHONPATH": str(place), "PYTHONUNBUFFERED": "1"}
    where = [sys.executable, "-c", "import payments_mock; print(payments_mock.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert Path(found.stdout).is_relative_to(place)

    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--data", "kept.db"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield next(line.split()[-1] for line in server.stdout if "Base URL" in line)
        finally:
            server.terminate()


@waits_for_ci
def test_an_installed_wheel_serves(served: str) -> None:
    order = {"paymentKey": "pay_1", "orderId": "order_1", "amount": 100}
    created = requests.post(f"{served}/v1/payments", json=order, auth=("test_sk_dummy", ""), timeout=10)
    approved = requests.post(
        f"{served}/v1/payments/confirm", json=order, auth=("test_sk_dummy", ""), timeout=10
    )

    assert (created.status_code, approved.json()["status"]) == (200, "APPROVED")
    for page in ("/docs", "/v2/standard", "/openapi.json", "/health"):
        assert requests.get(f"{served}{page}", timeout=10).status_code == 200, page


def test_the_changelog_begins_with_this_release() -> None:
    releases = re.findall(r"^## (\S+), \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)

    assert releases[0] == __version__
