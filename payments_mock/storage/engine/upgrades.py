r"""Alembic's part, by way of Flask-Migrate: imported when a kept database is of an older release.

    flask --app payments_mock.storage.engine.upgrades:app_of_developers \
        db revision --rev-id 0005 -m "what it makes"

starts a new step; `db migrate` writes one from the difference between the database at DATABASE_URL and the
tables. Its number is then to be added to `REVISIONS` of the module `schema`.
"""

import os
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask_migrate import Migrate
from sqlalchemy import Connection, MetaData

import payments_mock.storage.tables
import payments_mock.storage.webhooks.endpoints  # noqa: F401
from payments_mock.storage.engine.database import db

FOLDER: Final = Path(__file__).parents[1] / "migrations"
_CONNECTION: Final = "connection"


def upgrade(connection: Connection) -> None:
    """Take the steps that are missing, in the transaction that the connection is in."""
    config = Migrate(current_app, db, directory=str(FOLDER)).get_config()
    config.attributes[_CONNECTION] = connection
    command.upgrade(config, "head")


def connection_of(config: Config) -> Connection:
    """Return the connection that the steps are to be taken on."""
    given: Connection | None = config.attributes.get(_CONNECTION)
    return db.engine.connect() if given is None else given


def metadata_of() -> MetaData:
    """Return the tables as they are to be in the end."""
    return db.metadata


def app_of_developers() -> Flask:
    """Make an application for the commands of Flask-Migrate, with the database at DATABASE_URL."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///migrations.db")
    db.init_app(app)
    Migrate(app, db, directory=str(FOLDER))
    return app
