from pathlib import Path

import pytest
from flask import Flask

from payments_mock.settings import Settings
from tests.control.desk import Desk


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'payments.db'}", log_format="none")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)
