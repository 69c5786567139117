r"""The way from the tables of any release to those of this one; read when a kept database needs it.

    flask --app payments_mock.storage.migrations:app_of_developers \
        db revision --rev-id 0006 -m "what it makes"

starts a new step; `db migrate` writes one from the difference between the database at DATABASE_URL and the
tables. Its number is then to be added to `REVISIONS` of the module `schema`. What every step makes alike is
here too, written for the steps alone, so that what is past stays as it was.
"""

import os
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command, op
from alembic.config import Config
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

import payments_mock.storage.faults
import payments_mock.storage.journal_writing
import payments_mock.storage.tables
import payments_mock.storage.webhooks.endpoints  # noqa: F401
from payments_mock.storage.columns import metadata

FOLDER: Final = Path(__file__).parent
_CONNECTION: Final = "connection"
_of_developers = SQLAlchemy(metadata=metadata)


def upgrade(connection: sa.Connection) -> None:
    """Take the steps that are missing, in the transaction that the connection is in."""
    config = Config(FOLDER / "alembic.ini")
    config.set_main_option("script_location", str(FOLDER))
    config.attributes[_CONNECTION] = connection
    command.upgrade(config, "head")


def connection_of(config: Config) -> sa.Connection:
    """Return the connection that the steps are to be taken on."""
    given: sa.Connection | None = config.attributes.get(_CONNECTION)
    return _of_developers.engine.connect() if given is None else given


def metadata_of() -> sa.MetaData:
    """Return the tables as they are to be in the end."""
    return metadata


def app_of_developers() -> Flask:
    """Make an application for the commands of Flask-Migrate, with the database at DATABASE_URL."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///migrations.db")
    _of_developers.init_app(app)
    Migrate(app, _of_developers, directory=str(FOLDER))
    return app


ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""The number of a row; SQLite gives numbers by itself only for the type INTEGER."""


def row_id() -> "sa.Column[int]":
    """Return the column of generated numbers."""
    return sa.Column("id", ROW_ID, primary_key=True)


def merchant_id() -> "sa.Column[int]":
    """Return the column that tells whose a row is; it goes with its merchant."""
    return sa.Column("merchant_id", ROW_ID, sa.ForeignKey("merchants.id", ondelete="CASCADE"), nullable=False)


def partial_index(
    name: str, table: str, columns: list[str], where: "str | sa.ColumnElement[bool]", *, unique: bool = False
) -> None:
    """Make an index of the rows that `where` is true of."""
    condition = sa.text(where) if isinstance(where, str) else where
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
