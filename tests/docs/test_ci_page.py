"""docs/ci.md: what it shows is run where this machine can, and checked against the product where it can't."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from payments_mock.settings import BUILT_IN_MERCHANTS, SETTINGS
from testkit.processes import answers, free_port, running_server
from tests.docs.pages import BLOCK, ROOT

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = [(language, text) for language, text in BLOCK.findall(PAGE)]
TOKEN = "token-for-tests"
TESTS = """#!/bin/sh
set -e
TOKEN="Authorization: Bearer $PAYMENTS_MOCK_CONTROL_TOKEN"
curl -sSf "$PAYMENTS_MOCK_URL/control/sandboxes" -H "$TOKEN" >sandboxes.json
"""
"""Stands for the reader's tests: they reach the server, and may control it."""


def block(language: str, beginning: str) -> str:
    [found] = [text for of, text in BLOCKS if of == language and beginning in text]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the tests that the page runs."""
    (tmp_path / "run-tests").write_text(TESTS, encoding="utf-8")
    (tmp_path / "run-tests").chmod(0o755)
    return tmp_path


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server that wants the page's token, as one in a container does."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--control-token", TOKEN]
    with running_server(command, tmp_path_factory.mktemp("provider")) as server:
        yield server.url


def paste(commands: str, folder: Path, **environment: str) -> None:
    """Run commands in a folder, with the command `payments-mock` of this installation."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", commands],
        cwd=folder,
        env={**os.environ, "PATH": path, "NO_PROXY": "*", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_server_in_the_background_is_there_for_the_tests_and_gone_behind_them(folder: Path) -> None:
    port = str(free_port())

    paste(block("sh", "health").replace("9090", port), folder)

    assert (folder / "sandboxes.json").exists()
    assert not answers(f"http://127.0.0.1:{port}/health")


def test_tests_that_fail_fail_the_job_and_the_server_goes_all_the_same(folder: Path) -> None:
    port = str(free_port())
    (folder / "run-tests").write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")

    with pytest.raises(AssertionError):
        paste(block("sh", "health").replace("9090", port), folder)

    assert not answers(f"http://127.0.0.1:{port}/health")


def workflow() -> dict[str, Any]:
    [job] = yaml.safe_load(block("yaml", "runs-on"))["jobs"].values()
    assert isinstance(job, dict)
    return job


def test_the_steps_of_the_workflow_pass_beside_its_service(folder: Path, url: str) -> None:
    job = workflow()
    service = job["services"]["payments-mock"]
    assert service["ports"] == ["9090:9090"]
    assert service["env"] == {"PAYMENTS_MOCK_CONTROL_TOKEN": TOKEN}

    environment = {name: value.replace("http://localhost:9090", url) for name, value in job["env"].items()}
    for step in job["steps"]:
        paste(step.get("run", "true"), folder, **environment)

    assert (folder / "sandboxes.json").exists()


def test_the_tests_reach_what_compose_started(folder: Path, url: str) -> None:
    lines = block("sh", "compose").splitlines()
    [tests] = [line for line in lines if not line.startswith("docker compose")]

    paste(tests.replace("http://localhost:9090", url), folder)

    assert (folder / "sandboxes.json").exists()
    assert {word for line in lines for word in line.split() if word.endswith(".yaml")} == {
        "compose.laptop.yaml"
    }


def test_every_container_is_told_settings_that_there_are_and_the_same_token() -> None:
    named = set(re.findall(r"PAYMENTS_MOCK_[A-Z_]+", PAGE)) - {"PAYMENTS_MOCK_URL"}
    tokens = re.findall(r"PAYMENTS_MOCK_CONTROL_TOKEN\W{1,5}(token[\w-]+)", PAGE)

    assert named <= {setting.environment for setting in SETTINGS}
    assert len(tokens) >= 7
    assert set(tokens) == {TOKEN}


def test_the_python_of_the_page_names_what_testcontainers_has() -> None:
    text = block("python", "DockerContainer")
    compile(text, "ci.md", "exec")
    if find_spec("testcontainers") is None:
        pytest.skip("needs testcontainers, which is not installed here")

    container = import_module("testcontainers.core.container").DockerContainer
    for verb in re.findall(r"\.(with_\w+|waiting_for|get_\w+)\(", text):
        assert hasattr(container, verb)


def test_node_can_read_the_javascript_of_the_page(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs node, which is not on this machine")
    (tmp_path / "mock.mjs").write_text(block("js", "testcontainers"), encoding="utf-8")

    subprocess.run(["node", "--check", tmp_path / "mock.mjs"], check=True)


def test_spring_is_told_the_properties_of_the_example_and_keys_that_there_are() -> None:
    toss = yaml.safe_load(block("yaml", "toss:"))["toss"]
    example = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    [merchant] = [one for one in BUILT_IN_MERCHANTS if toss["secret-key"] in one.secret_keys]

    assert set(re.findall(r'"toss\.([a-z-]+)"', example)) <= toss.keys()
    assert toss["client-key"] in merchant.client_keys
    assert toss["base-url"] == "${PAYMENTS_MOCK_URL:http://localhost:9090}"


def test_the_page_says_which_base_the_image_has() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert re.findall(r"ARG BASE=(\S+)", dockerfile)[0] in PAGE
