"""The servers that the scenarios speak to: started here, or named by an option."""

import sys
from collections.abc import Iterator

import pytest

from step_defs.support.credentials import basic
from step_defs.support.processes import running_server
from step_defs.support.provider_client import Payment, Provider


@pytest.fixture(scope="session")
def secret_key(pytestconfig: pytest.Config) -> str:
    """Return the secret key of the merchant in the scenarios."""
    return str(pytestconfig.getoption("--secret-key"))


@pytest.fixture(scope="session")
def other_secret_key(pytestconfig: pytest.Config) -> str:
    """Return the secret key of a second merchant."""
    return str(pytestconfig.getoption("--other-secret-key"))


@pytest.fixture(scope="session")
def provider_url(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    secret_key: str,
    other_secret_key: str,
) -> Iterator[str]:
    """Return the base URL of the provider: this session's own process, unless --provider-url is given."""
    running = pytestconfig.getoption("--provider-url")
    if running:
        yield running.rstrip("/")
        return
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    for key in (secret_key, other_secret_key):
        command += [] if key == "test_sk_dummy" else ["--secret-key", key]
    with running_server(command, tmp_path_factory.mktemp("provider")) as server:
        yield server.url


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
