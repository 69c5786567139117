"""docs/examples.md: the examples in other languages run as they stand, against a real server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from testkit.depth import IS_DEEP
from testkit.npm import give_up
from testkit.processes import running_server

PAGE = (Path(__file__).parents[2] / "docs" / "examples.md").read_text(encoding="utf-8")
FILE = re.compile(r"```\w+\n(?:#|//) ([\w.-]+)\n(.*?)```", re.DOTALL)
FILES = dict(FILE.findall(PAGE))
ALL = "PAYMENTS_MOCK_EXAMPLES"
"""Set to `all` it has those run too that a compiler takes seconds for."""


SPRING = {"LostAnswerTest.java", "LostAnswerTest.kt"}
"""They need Spring, which nothing here can download; the rest of the page is run."""


TOKEN = "token-for-tests"


@pytest.fixture(scope="module", params=[None, TOKEN], ids=["on this machine", "with a token"])
def token(request: pytest.FixtureRequest) -> str | None:
    """Return the control token of the server, as one in a container has it."""
    given: str | None = request.param
    return given


@pytest.fixture(scope="module")
def server(token: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    command += [] if token is None else ["--control-token", token]
    with running_server(command, tmp_path_factory.mktemp("provider")) as started:
        yield started.url


def sandboxes(server: str, token: str | None) -> list[str]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        listed = session.get(f"{server}/control/sandboxes", timeout=10).json()["sandboxes"]
    return [sandbox["id"] for sandbox in listed]


def run(folder: Path, server: str, token: str | None, *command: str) -> str:
    """Run a command beside the files of the page, and return what it printed."""
    environment = os.environ | {"PAYMENTS_MOCK_URL": server, "NO_PROXY": "*"}
    environment |= {} if token is None else {"PAYMENTS_MOCK_CONTROL_TOKEN": token}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


RUNS = {
    "curl": (["lost-answer.sh"], [["sh", "lost-answer.sh"]]),
    "node": (["payments-mock.mjs", "shop.mjs", "shop.test.mjs"], [["node", "--test", "shop.test.mjs"]]),
    "javac": (
        ["PaymentsMockSandbox.java", "ShopPayments.java", "LostAnswer.java"],
        [
            ["javac", "PaymentsMockSandbox.java", "ShopPayments.java", "LostAnswer.java"],
            ["java", "-ea", "LostAnswer"],
        ],
    ),
    "go": (
        ["go.mod", "shop.go", "payments_mock_test.go", "shop_test.go"],
        [["go", "vet", "."], ["go", "test", "."]],
    ),
}
"""By the tool that is needed: the files of the page, and the commands."""


def test_every_file_of_the_page_is_run_but_those_that_need_spring() -> None:
    assert {name for names, _ in RUNS.values() for name in names} == FILES.keys() - SPRING


@pytest.mark.parametrize("tool", RUNS)
def test_an_example_does_what_it_says_and_leaves_no_sandbox(
    server: str, token: str | None, tmp_path: Path, tool: str
) -> None:
    if tool in {"javac", "go"} and not IS_DEEP and os.environ.get(ALL) != "all":
        pytest.skip(f"compiles for seconds; CI runs it, and {ALL}=all")
    if shutil.which(tool) is None:
        give_up(f"needs {tool}, which is not on this machine")
    names, commands = RUNS[tool]
    before = sandboxes(server, token)
    for name in names:
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")

    for command in commands:
        run(tmp_path, server, token, *command)

    assert sandboxes(server, token) == before
