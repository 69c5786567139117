"""The image is what it is said to be; `.ci/image` builds it, starts it and runs the features against it."""

import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
STEPS = [line.split(maxsplit=1) for line in LINES if line and not line.startswith("#")]


def of(instruction: str) -> list[str]:
    return [rest for name, rest in STEPS if name == instruction]


def test_its_base_can_be_chosen() -> None:
    assert of("ARG") == ["BASE=python:3.13-slim"]
    assert {line.split()[0] for line in of("FROM")} == {"${BASE}"}


def test_it_runs_as_nobody_who_matters_and_writes_to_one_volume() -> None:
    assert of("USER") == ["10001:10001"]
    assert of("VOLUME") == ["/data"]


def test_it_is_asked_how_it_is_by_its_own_command() -> None:
    [check] = of("HEALTHCHECK")

    assert check.endswith('CMD ["payments-mock", "health"]')


def test_it_has_everything_that_it_is_built_from() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    copied = [line.split()[:-1] for line in of("COPY") if "--from" not in line]

    for source in {source for sources in copied for source in sources}:
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, f"{name}*") for name in let_in), source


@pytest.mark.parametrize(
    ("environment", "port"),
    [
        ({}, "9090"),
        ({"PORT": "8000"}, "8000"),
        ({"PORT": "8000", "PAYMENTS_MOCK_PORT": "7000"}, "7000"),
        ({"PORT": "", "PAYMENTS_MOCK_PORT": ""}, "9090"),
    ],
)
def test_it_listens_where_it_is_told_to(tmp_path: Path, environment: dict[str, str], port: str) -> None:
    script = (ROOT / "container" / "payments-mock").read_text(encoding="utf-8")
    command = re.sub(r"exec \S+", "exec env; :", script)

    done = subprocess.run(
        ["sh", "-c", command], env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True
    )

    assert f"PAYMENTS_MOCK_PORT={port}" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("image", "image: nothing was built: neither docker nor podman works here"),
        ("compose", "compose: nothing was started: neither docker nor podman works here"),
    ],
)
def test_where_nothing_runs_containers_that_is_said_and_is_no_failure(
    script: str, line: str, tmp_path: Path
) -> None:
    for tool in ("bash", "dirname", "timeout"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))

    done = subprocess.run(
        [ROOT / ".ci" / script], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.splitlines()) == (0, [line]), done.stderr


def test_what_ci_builds_is_started_by_the_compose_files() -> None:
    assert (ROOT / ".ci" / "image").read_text(encoding="utf-8").endswith("\n.ci/compose\n")


def test_ci_builds_it_in_four_minutes_or_fails() -> None:
    assert "timeout --kill-after=10 240 .ci/image" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
