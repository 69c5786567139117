"""What the provider's suites share: an application that has seen no call yet, and merchants that call it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from payments_mock.settings import MerchantSettings, Settings
from tests.support.apps import AppPool
from tests.support.clock import MovableClock
from tests.support.shop import Shop

MERCHANTS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_dummy",), client_keys=("test_ck_dummy",)),
    MerchantSettings("other", secret_keys=("test_sk_other",)),
)


@pytest.fixture(scope="session", params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name a database of each kind that the product is promised to run on."""
    return f"{request.param}:///{tmp_path_factory.mktemp('database') / 'payments.db'}"


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
