"""What the provider's suites share: an application on a database of its own, and merchants that call it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from payments_mock.app import create_app
from payments_mock.settings import MerchantSettings, Settings
from payments_mock.storage import db
from tests.support.clock import MovableClock
from tests.support.shop import Shop

MERCHANTS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_dummy",), client_keys=("test_ck_dummy",)),
    MerchantSettings("other", secret_keys=("test_sk_other",)),
)


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty database of each kind that the product is promised to run on."""
    return f"{request.param}:///{tmp_path / 'payments.db'}"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none", merchants=MERCHANTS)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def app(settings: Settings, clock: MovableClock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop(app, "test_sk_dummy")


@pytest.fixture
def other_shop(app: Flask) -> Shop:
    return Shop(app, "test_sk_other")
