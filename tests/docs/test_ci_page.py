"""docs/ci.md: what it shows is run where this machine can, and checked against the product where it can't."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from payments_mock.settings import BUILT_IN_MERCHANTS, SETTINGS
from testkit.depth import waits_for_ci
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


@waits_for_ci
def test_the_python_of_the_page_is_what_testcontainers_has(tmp_path: Path) -> None:
    (tmp_path / "mock.py").write_text(block("python", "DockerContainer"), encoding="utf-8")

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "mock.py"], cwd=tmp_path, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stdout


NPM = ROOT / ".venv" / "npm-testcontainers"
"""Where `.ci/image` installs what the JavaScript imports."""
TYPES = {"module": "nodenext", "target": "es2022", "strict": True, "checkJs": True, "noEmit": True}


@pytest.fixture
def javascript(tmp_path: Path) -> Path:
    """Return the page's module, in a folder with the packages that it imports."""
    if not (NPM / "node_modules").exists():
        pytest.skip("needs the packages that .ci/image installs; it runs this, too")
    (tmp_path / "node_modules").symlink_to(NPM / "node_modules")
    (tmp_path / "mock.mjs").write_text(block("js", "testcontainers"), encoding="utf-8")
    return tmp_path / "mock.mjs"


def test_node_can_read_the_javascript_of_the_page(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs node, which is not on this machine")
    (tmp_path / "mock.mjs").write_text(block("js", "testcontainers"), encoding="utf-8")

    subprocess.run(["node", "--check", tmp_path / "mock.mjs"], check=True)


def test_the_javascript_of_the_page_is_what_testcontainers_has(javascript: Path) -> None:
    options = {"allowJs": True, "skipLibCheck": True, **TYPES}
    config = {"compilerOptions": options, "files": [javascript.name]}
    (javascript.parent / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")

    checked = subprocess.run(
        ["node_modules/.bin/tsc"], cwd=javascript.parent, capture_output=True, text=True, timeout=60
    )

    assert checked.returncode == 0, checked.stdout


only_with_containers = pytest.mark.skipif(
    not os.environ.get("COMPOSE"), reason="needs an engine with the image: .ci/compose runs it"
)


def said(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@only_with_containers
def test_the_python_of_the_page_starts_the_image(tmp_path: Path) -> None:
    call = "import urllib.request; print(urllib.request.urlopen(f'{base_url}/health').status)"
    (tmp_path / "mock.py").write_text(f"{block('python', 'DockerContainer')}    {call}\n", encoding="utf-8")

    assert said(sys.executable, tmp_path / "mock.py") == "200\n"


@only_with_containers
def test_the_javascript_of_the_page_starts_the_image(javascript: Path) -> None:
    call = "console.log((await fetch(`${baseUrl}/health`)).status); await mock.stop();"
    javascript.write_text(f"{javascript.read_text(encoding='utf-8')}{call}\n", encoding="utf-8")

    assert said("node", javascript) == "200\n"


JAVA = """
class GenericContainer<T extends GenericContainer<T>> {{
    GenericContainer(String image) {{}}
    T withEnv(String name, String value) {{ return null; }}
    T withExposedPorts(Integer... ports) {{ return null; }}
    T waitingFor(Object strategy) {{ return null; }}
    void start() {{}}
    String getHost() {{ return null; }}
    Integer getMappedPort(int port) {{ return null; }}
}}
class Wait {{ static Object forHttp(String path) {{ return null; }} }}
class Page {{ void test() {{ {block} }} }}
"""
"""What the page needs of testcontainers. PyPI and npm have the real one, Debian has none for Java or Go.

So the tests can tell of these two snippets that they are Java and Go, and no more.
"""


@waits_for_ci
def test_the_java_of_the_page_is_java(tmp_path: Path) -> None:
    if shutil.which("javac") is None:
        pytest.skip("needs javac, which is not on this machine")
    source = JAVA.format(block=block("java", "GenericContainer"))
    (tmp_path / "Page.java").write_text(source, encoding="utf-8")

    said("javac", "-d", tmp_path, tmp_path / "Page.java")


def test_the_go_of_the_page_is_go_and_formatted_so(tmp_path: Path) -> None:
    if shutil.which("gofmt") is None:
        pytest.skip("needs gofmt, which is not on this machine")
    lines = block("go", "testcontainers").splitlines(keepends=True)
    source = "package page\n\nfunc test() {\n" + "".join(f"\t{line}" for line in lines) + "}\n"
    (tmp_path / "page.go").write_text(source, encoding="utf-8")

    assert said("gofmt", tmp_path / "page.go") == source


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
