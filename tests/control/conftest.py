import pytest
from flask import Flask

from payments_mock.settings import Settings
from tests.control.desk import Desk


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)
