"""The servers that the scenarios speak to: started here, or named by an option."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from testkit.credentials import basic
from testkit.processes import running_server
from testkit.provider_client import Payment, Provider
from testkit.round_robin import round_robin
from testkit.step_lookup import look_among_likely_steps
from testkit.stories import StoryKeeper

look_among_likely_steps()


@pytest.fixture(scope="session")
def secret_key(pytestconfig: pytest.Config) -> str:
    """Return the secret key of the merchant in the scenarios."""
    return str(pytestconfig.getoption("--secret-key"))


@pytest.fixture(scope="session")
def other_secret_key(pytestconfig: pytest.Config) -> str:
    """Return the secret key of a second merchant."""
    return str(pytestconfig.getoption("--other-secret-key"))


ONE_SERVER = "one-server"
TWO_REPLICAS = "two-replicas"
OF_MERCHANTS = Path(__file__).parent / "kiosk"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the provider's scenarios against replicas too, where everything is to be run on every database."""
    config = metafunc.config
    is_deep = config.getoption("--every-database") or os.environ.get("CI")
    is_ours = not (config.getoption("--provider-url") or config.getoption("--kiosk-url"))
    if is_deep and is_ours and OF_MERCHANTS not in metafunc.definition.path.parents:
        kinds = [ONE_SERVER, TWO_REPLICAS]
        metafunc.parametrize("provider_kind", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def provider_kind(request: pytest.FixtureRequest) -> str:
    """Return the provider at its URL."""
    return str(getattr(request, "param", ONE_SERVER))


@pytest.fixture(scope="session")
def provider_url(
    pytestconfig: pytest.Config,
    request: pytest.FixtureRequest,
    provider_kind: str,
    secret_key: str,
    other_secret_key: str,
) -> Iterator[str]:
    """Return the base URL of the provider: this session's own processes, unless --provider-url is given."""
    running = pytestconfig.getoption("--provider-url")
    if running:
        yield running.rstrip("/")
        return
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    for key in (secret_key, other_secret_key):
        command += [] if key == "test_sk_dummy" else ["--secret-key", key]
    with ExitStack() as running_servers:
        yield _run(command, provider_kind, request, running_servers)


def _run(command: list[str], kind: str, request: pytest.FixtureRequest, servers: ExitStack) -> str:
    """Run one server with a database of its own, or two that share one behind a balancer."""
    folders: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")

    def run(*options: str) -> str:
        folder = folders.mktemp("provider")
        return servers.enter_context(running_server([*command, *options], folder)).url

    if kind == ONE_SERVER:
        return run()
    postgresql = request.getfixturevalue("postgresql")
    shared = ("--database-url", postgresql.url(postgresql.create()))
    return servers.enter_context(round_robin([run(*shared), run(*shared)]))


_STORIES = pytest.StashKey[StoryKeeper]()


@pytest.hookimpl
def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Remember where the stories of the scenario begin, if they are wanted."""
    folder = request.config.getoption("--stories")
    if folder:
        request.node.stash[_STORIES] = StoryKeeper(Path(folder), request.getfixturevalue("provider_url"))


@pytest.hookimpl
def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    """Keep the stories of the scenario before its sandboxes go."""
    if _STORIES in request.node.stash:
        request.node.stash[_STORIES].keep(request.node.nodeid)


@pytest.fixture
def provider(provider_url: str, secret_key: str) -> Iterator[Provider]:
    """Return the merchant's client of the provider."""
    with Provider(provider_url, basic(secret_key)) as client:
        yield client


@pytest.fixture
def other_provider(provider_url: str, other_secret_key: str) -> Iterator[Provider]:
    """Return a second merchant's client; skip the scenario where that merchant is unknown."""
    with Provider(provider_url, basic(other_secret_key)) as client:
        if client.look_up(Payment(1)).status == 401:
            pytest.skip("the provider refuses the second merchant's key; name one by --other-secret-key")
        yield client
