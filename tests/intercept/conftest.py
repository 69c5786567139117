"""One mock, and one run of the command beside it whose environment the clients of all tests get."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from testkit.depth import IS_DEEP
from testkit.forked import all_by_forks, none_by_forks
from testkit.measuring import measured
from testkit.processes import running_server
from testkit.sandbox import Sandbox

HERE = Path(__file__).parent
CLIENTS = HERE / "clients"
API = "https://api.tosspayments.com"
COMMAND = (sys.executable, "-m", "payments_mock", "intercept")
SHOW = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"
CLIENT_SECONDS = 60
HEEDED_BY_OTHERS = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy")


def before() -> dict[str, str]:
    """Return an environment in which looking up a real host's address fails loudly."""
    loud = HERE / "loud"
    return {
        **{name: value for name, value in os.environ.items() if name not in HEEDED_BY_OTHERS},
        "PYTHONPATH": f"{loud}:{HERE.parents[1]}",
        "NODE_OPTIONS": f"--require {loud / 'loud.cjs'}",
        "JAVA_TOOL_OPTIONS": f"-Djdk.net.hosts.file={loud / 'hosts'}",
        "RUBYOPT": f"-r{loud / 'loud.rb'}",
        "PYTHONWARNINGS": "ignore",
    }


def measuring(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for the command itself, whose coverage is measured if ours is."""
    told = {name: value for name, value in measured().items() if name.startswith("COVERAGE_")}
    return {**environment, **told}


@contextmanager
def intercepted(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Run the command for the length of a block, and give the environment that its child got."""
    command = [*COMMAND, "--quiet", *options, "--", sys.executable, "-c", SHOW]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=measuring(environment or before()),
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        line = run.stdout.readline()
        try:
            yield {n: v for n, v in json.loads(line).items() if not n.startswith("COVERAGE_")}
        finally:
            run.stdin.close()
            assert run.wait(20) == 0


@pytest.fixture(scope="package", autouse=True)
def forks() -> Iterator[None]:
    """Spare the command the time to import; with CI in the environment it starts as users start it."""
    if IS_DEEP:
        yield
    else:
        with all_by_forks():
            yield


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [
        sys.executable,
        "-m",
        "payments_mock",
        "serve",
        "--port",
        "0",
        "--log-format",
        "none",
        "--open",
    ]
    with running_server(command, tmp_path_factory.mktemp("provider")) as server:
        yield server.url


@pytest.fixture(scope="session")
def led(provider: str) -> Iterator[dict[str, str]]:
    """The environment of whatever is run by the command."""
    with intercepted("--provider-url", provider) as environment:
        yield environment


@pytest.fixture
def sandbox(provider: str) -> Iterator[Sandbox]:
    made = Sandbox.on(provider, "toss")
    yield made
    made.remove()


def client(words: list[str | Path], environment: Mapping[str, str]) -> str:
    """Run a client, and return what it printed; it must end well."""
    # A client of Python is led from its very start on, before it has imported anything.
    with none_by_forks():
        done = subprocess.run(
            list(map(str, words)), env=environment, capture_output=True, text=True, timeout=CLIENT_SECONDS
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def confirmed(words: list[str | Path], sandbox: Sandbox, environment: Mapping[str, str]) -> str:
    """Have a client confirm a payment at the real address; the mock must have been called, once."""
    begun = sandbox.begin()
    said = client([*words, API, sandbox.made["secretKey"], json.dumps(begun)], environment)
    calls = sandbox.control("GET", f"journal?operation=confirm&orderId={begun['orderId']}")
    assert len(calls["entries"]) == 1
    return said
