"""What the provider's suites share: an application that has seen no call yet, and merchants that call it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from payments_mock.settings import MerchantSettings, Settings
from payments_mock.storage.engine.engines import SQLITE
from testkit.databases import database_kinds
from testkit.inside.apps import AppPool
from testkit.inside.clock import MovableClock
from testkit.inside.shop import Shop
from testkit.measuring import keep_processes_from_measuring
from testkit.postgresql import Postgresql

# How slowly examples come says how busy the machine is, and nothing about the code.
hypothesis_settings.register_profile(
    "any machine",
    parent=hypothesis_settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("any machine")

MERCHANTS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_dummy",), client_keys=("test_ck_dummy",)),
    MerchantSettings("other", secret_keys=("test_sk_other",)),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests on each database that the product is promised to run on."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", database_kinds(metafunc), indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def few_measured_processes() -> None:
    keep_processes_from_measuring()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def new_database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Name an empty database each time."""
    if database_kind == SQLITE:
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('database') / 'payments.db'}"
    server: Postgresql = request.getfixturevalue("postgresql")
    return lambda: server.url(server.create())


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[], str]) -> str:
    """Name a database that tests share."""
    return new_database()


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none", merchants=MERCHANTS)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def app_pool() -> Iterator[AppPool]:
    pool = AppPool()
    yield pool
    pool.close()


@pytest.fixture
def app(app_pool: AppPool, settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    """Lend an application whose database holds the merchants of the settings, and nothing else."""
    with app_pool.lend(settings, clock) as app:
        yield app


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app, "test_sk_dummy")


@pytest.fixture
def other_shop(app: Flask) -> Shop:
    return Shop(app, "test_sk_other")
