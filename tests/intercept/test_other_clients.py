"""Clients of Node, Java, PHP, Ruby and the shell reach the mock at the real address."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from testkit.credentials import basic
from testkit.depth import depth
from testkit.npm import give_up, install_packages
from testkit.sandbox import Sandbox
from tests.intercept.conftest import API, CLIENTS, client, confirmed

pytestmark = pytest.mark.a_few(3)

PACKAGES = ("axios@1", "got@14", "node-fetch@3", "undici@6")
"""What Node 20 runs."""


def program(name: str) -> str:
    """Return where a program is; without it the test is skipped, but never in CI."""
    found = shutil.which(name)
    if found is None:
        give_up(f"no {name} on this machine")
    return str(found)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_packages(tmp_path_factory, "npm-clients", PACKAGES)


@pytest.mark.parametrize("name", ["fetch", "https"])
def test_a_client_of_node_itself_reaches_the_mock(
    name: str, sandbox: Sandbox, led: Mapping[str, str]
) -> None:
    assert confirmed([program("node"), CLIENTS / "confirm.mjs", name], sandbox, led) == "200 DONE"


@pytest.mark.parametrize("name", depth(["got", "undici", "node-fetch", "axios"], ["undici"]))
def test_a_client_from_npm_reaches_the_mock(
    name: str, sandbox: Sandbox, led: Mapping[str, str], packages: Path
) -> None:
    words: list[str | Path] = [program("node"), CLIENTS / "confirm.mjs", name]
    begun = sandbox.begin()

    said = client([*words, API, sandbox.made["secretKey"], json.dumps(begun), packages], led)

    assert said == "200 DONE"


def test_both_clients_of_java_reach_the_mock(sandbox: Sandbox, led: Mapping[str, str]) -> None:
    bodies = [json.dumps(sandbox.begin()) for _ in range(2)]

    said = client([program("java"), CLIENTS / "Confirm.java", API, sandbox.made["secretKey"], *bodies], led)

    assert said.splitlines() == ["HttpURLConnection 200 DONE", "HttpClient 200 DONE"]


def test_php_reaches_the_mock(sandbox: Sandbox, led: Mapping[str, str]) -> None:
    php = program("php")
    if "curl" not in subprocess.run([php, "-m"], capture_output=True, text=True).stdout.split():
        give_up("PHP has no curl on this machine")

    assert confirmed([php, CLIENTS / "confirm.php"], sandbox, led) == "200 DONE"


def test_ruby_reaches_the_mock(sandbox: Sandbox, led: Mapping[str, str]) -> None:
    assert confirmed([program("ruby"), CLIENTS / "confirm.rb"], sandbox, led) == "200 DONE"


def test_curl_reaches_the_mock(sandbox: Sandbox, led: Mapping[str, str]) -> None:
    login = f"Authorization: {basic(sandbox.made['secretKey'])}"
    words: list[str | Path] = [program("curl"), "-sS", "-H", login, "-H", "Content-Type: application/json"]

    said = client([*words, f"{API}/v1/payments/confirm", "-d", json.dumps(sandbox.begin())], led)

    assert json.loads(said)["status"] == "DONE"
