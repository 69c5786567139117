"""Merchants on the Toss contract, each with its shop."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_stage import Stage, stage_on, staged_app, unused
from testkit.processes import ServerProcess, running_server
from testkit.sandbox import Sandbox

MERCHANTS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_dummy",)),
    MerchantSettings(
        "toss",
        contract="toss",
        secret_keys=("test_sk_toss", "test_gsk_toss"),
        client_keys=("test_ck_toss", "test_gck_toss"),
    ),
    MerchantSettings(
        "newer",
        contract="toss",
        version="2024-06-01",
        secret_keys=("test_sk_newer",),
        client_keys=("test_ck_newer",),
    ),
    MerchantSettings(
        "other", contract="toss", secret_keys=("test_sk_other",), client_keys=("test_ck_other",)
    ),
)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none", merchants=MERCHANTS)


@pytest.fixture
def toss(app: Flask) -> TossMerchant:
    return TossMerchant(app, "test_sk_toss", "test_ck_toss")


@pytest.fixture
def widget_toss(app: Flask) -> TossMerchant:
    """Lend the same merchant with its keys of the payment widget."""
    return TossMerchant(app, "test_gsk_toss", "test_gck_toss")


@pytest.fixture
def newer_toss(app: Flask) -> TossMerchant:
    """Lend a merchant whose keys are of the version 2024-06-01."""
    return TossMerchant(app, "test_sk_newer", "test_ck_newer")


@pytest.fixture
def other_toss(app: Flask) -> TossMerchant:
    return TossMerchant(app, "test_sk_other", "test_ck_other")


@pytest.fixture(scope="module")
def stage(new_database: Callable[[], str]) -> Iterator[Stage]:
    """Lend one application to a whole module, whose tests use orders and customers of their own."""
    clock = MovableClock()
    with staged_app(new_database(), MERCHANTS, clock) as app:
        yield stage_on(app, clock)


@pytest.fixture
def key() -> str:
    """Return an idempotency key that nobody has used."""
    return unused("key")


@pytest.fixture(scope="module")
def server(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """Run two processes, of which either may be asked first."""
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--workers", "2"]
    with running_server(
        [*command, "--database-url", new_database()], tmp_path_factory.mktemp("server")
    ) as server:
        yield server


@pytest.fixture
def sandbox(server: ServerProcess) -> Sandbox:
    return Sandbox.on(server.url, "toss")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool
