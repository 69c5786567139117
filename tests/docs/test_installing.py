"""The wheel is installed as its users do it, by pip, pipx and uvx: of wheels alone, so without a compiler."""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests

from payments_mock import __version__
from testkit.depth import waits_for_ci
from tests.docs.pages import ROOT

VERSION = f"payments-mock {__version__}\n"
WELL = """
def test_a_payment_is_approved(sandbox):
    sandbox.faults.lose_answer("confirm")
    assert sandbox.payments() == []
    sandbox.faults.remove()
"""


def run(*command: object, **environment: str) -> str:
    """Run a command that knows nothing of these sources, and return what it printed."""
    known = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [*map(str, command)], cwd="/", env=known | environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Place:
    """A virtual environment of its own, into which wheels alone are installed."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.bin = folder / "bin"

    def install(self, *what: str) -> None:
        pip = [self.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        constraints = ("--constraint", ROOT / "constraints.txt")
        # Whatever would compile fails.
        run(*pip, "--only-binary", ":all:", *constraints, *what, CC="/bin/false", CXX="/bin/false")


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("user") / "venv")
    place.install(str(wheel))
    return place


@pytest.fixture
def served(place: Place, tmp_path: Path) -> Iterator[str]:
    command = [str(place.bin / "payments-mock"), "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield next(line.split()[-1] for line in server.stdout if "Base URL" in line)
        finally:
            server.terminate()


@waits_for_ci
def test_a_wheel_offers_the_extras_that_the_pages_name(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        offered = re.findall(r"^Provides-Extra: (\S+)$", archive.read(name).decode(), re.MULTILINE)

    assert {"metrics", "postgres", "testing"} <= set(offered)


@waits_for_ci
def test_pip_installs_a_command_that_serves(place: Place, served: str) -> None:
    assert run(place.bin / "payments-mock", "--version") == VERSION
    assert f"{served} is up" in run(place.bin / "payments-mock", "health", served)
    assert requests.get(f"{served}/docs", timeout=10).status_code == 200


@waits_for_ci
def test_the_extras_bring_what_they_are_for(place: Place, wheel: Path, tmp_path: Path) -> None:
    place.install(f"{wheel}[metrics,postgres,testing]")
    (tmp_path / "test_well.py").write_text(WELL, encoding="utf-8")

    run(place.bin / "python", "-c", "import prometheus_client, psycopg; psycopg.pq.version()")
    assert "1 passed" in run(place.bin / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Install pipx and uv, and return the folder of their commands."""
    place = Place(tmp_path / "tools")
    try:
        place.install("pipx", "uv")
    except AssertionError as error:
        pytest.skip(f"needs pipx and uv, which can't be had here: {error}")
    return place.bin


@waits_for_ci
def test_pipx_and_uvx_run_it_without_a_place_to_install_it(tools: Path, wheel: Path, tmp_path: Path) -> None:
    homes = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    homes |= {"UV_CACHE_DIR": str(tmp_path / "uv"), "UV_PYTHON": sys.executable}

    assert run(tools / "pipx", "run", "--spec", wheel, "payments-mock", "--version", **homes) == VERSION
    run(tools / "pipx", "install", "--quiet", wheel, **homes)
    assert run(tmp_path / "bin" / "payments-mock", "--version") == VERSION
    assert run(tools / "uvx", "--from", wheel, "payments-mock", "--version", **homes) == VERSION
