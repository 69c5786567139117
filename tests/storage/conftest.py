from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from payments_mock.database import attach_database
from payments_mock.domain.sandboxes import ContractName, KeyKind, Merchant
from payments_mock.storage.engine.database import database_of
from payments_mock.storage.engine.engines import SQLITE
from payments_mock.storage.sandboxes import find_owner, register
from testkit.inside.database import look, transaction
from testkit.postgresql import Postgresql


@pytest.fixture(scope="session")
def shared_database(postgresql: Postgresql) -> str:
    """Make a database with all tables, which tests leave as empty as they found it."""
    name = postgresql.create()
    app = Flask(__name__)
    attach_database(app, postgresql.url(name))
    database_of(app).engine.dispose()
    return name


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a database without a row."""
    if database_kind == SQLITE:
        yield f"sqlite:///{tmp_path / 'payments.db'}"
        return
    server: Postgresql = request.getfixturevalue("postgresql")
    shared: str = request.getfixturevalue("shared_database")
    yield server.url(shared)
    server.run("DELETE FROM merchants", shared)


@pytest.fixture
def database(database_url: str) -> Iterator[Flask]:
    """Lend an application that is nothing but its database, with its context pushed."""
    app = Flask(__name__)
    attach_database(app, database_url)
    with app.app_context():
        yield app
    database_of(app).engine.dispose()


@pytest.fixture
def merchant(database: Flask) -> Merchant:
    return _registered("kiosk", "test_sk_dummy")


@pytest.fixture
def other_merchant(database: Flask) -> Merchant:
    return _registered("other", "test_sk_other")


def _registered(code: str, secret_key: str) -> Merchant:
    with transaction() as connection:
        register(connection, code, ContractName.KIOSK, "2022-11-16", [(secret_key, KeyKind.SECRET)])
    with look() as connection:
        owner = find_owner(connection, secret_key)
    assert owner is not None
    return owner.merchant
