"""Each client of Python reaches the mock at the real address, whatever of the environment it heeds."""

import importlib.util
import sys
from collections.abc import Mapping

import pytest

from testkit.depth import depth
from testkit.sandbox import Sandbox
from tests.intercept.conftest import CLIENTS, confirmed

NEEDED = {"async httpx": "httpx", "async httpx without a proxy": "httpx", "aiohttp on uvloop": "aiohttp"}
NAMES = (
    "requests",
    "httpx",
    "async httpx",
    "async httpx without a proxy",
    "urllib",
    "http.client",
    "urllib3",
    "aiohttp",
    "aiohttp on uvloop",
    "a socket",
)


@pytest.mark.parametrize("name", depth(NAMES, ("requests", "aiohttp on uvloop", "a socket")))
def test_a_python_client_reaches_the_mock(name: str, sandbox: Sandbox, led: Mapping[str, str]) -> None:
    package = NEEDED.get(name, name)
    if name != "a socket" and importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")

    assert confirmed([sys.executable, CLIENTS / "confirm.py", name], sandbox, led) == "200 DONE"
