"""Health: who starts the server learns when it is up, and who watches it when it is not."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

from payments_mock import __version__
from payments_mock.app import create_app
from payments_mock.settings import Settings
from payments_mock.storage import metadata
from payments_mock.storage.engine.database import database_of
from testkit.inside.database import drop_tables


def test_a_server_that_is_well_says_so(app: Flask) -> None:
    response = app.test_client().get("/health")

    assert response.status_code == 200
    assert response.json == {"status": "UP", "database": "UP", "version": __version__}


def test_anybody_may_ask(app: Flask) -> None:
    response = app.test_client().get("/health", headers={"Authorization": "Basic nonsense"})

    assert response.status_code == 200


def test_a_head_request_is_enough(app: Flask) -> None:
    assert app.test_client().head("/health").status_code == 200


def test_a_server_without_its_tables_is_down(app: Flask) -> None:
    drop_tables(app)

    response = app.test_client().get("/health")

    assert response.status_code == 503
    assert response.json == {"status": "DOWN", "database": "DOWN", "version": __version__}


def test_a_server_whose_database_file_was_overwritten_is_down(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'payments.db'}"))
    for file in tmp_path.glob("payments.db*"):
        file.write_bytes(b"no database " * 1000)

    response = app.test_client().get("/health")

    assert response.status_code == 503
    assert response.is_json


def test_a_server_is_well_again_when_its_database_is(app: Flask) -> None:
    drop_tables(app)
    metadata.create_all(database_of(app).engine)

    assert app.test_client().get("/health").status_code == 200
