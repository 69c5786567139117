"""Whether the database can be read and written, for those who watch the server."""

import time
from typing import Final

from flask import current_app
from sqlalchemy import Connection, text

from payments_mock.storage.engine.database import db
from payments_mock.storage.engine.engines import SQLITE, waiting_for_writers
from payments_mock.storage.engine.schema import VERSION_TABLE

PROBE_SECONDS: Final = 1.0
"""How long a write is taken to show that others are possible, and how long one may wait for its turn."""

_WRITTEN: Final = "payments_mock.written_at"
_NUMBERS: Final = 2**31


def check_database() -> None:
    """Ask the database for an answer out of a table, and now and then to take a write.

    What is written changes no payment. SQLite answers without a table from memory alone, and that a disk is
    full shows only when something is committed.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: no answer came, or what was written was not taken.
    """
    with db.engine.connect() as connection:
        connection.execute(text("SELECT id FROM merchants LIMIT 1"))
        now = time.monotonic()
        if now - current_app.extensions.get(_WRITTEN, -PROBE_SECONDS) >= PROBE_SECONDS:
            _write(connection)
            current_app.extensions[_WRITTEN] = now


def doubt_database() -> None:
    """Have the next check write, whatever was written before."""
    current_app.extensions.pop(_WRITTEN, None)


def _write(connection: Connection) -> None:
    if connection.dialect.name == SQLITE:
        # A number in the file's head that SQLite leaves to programs; an equal one would not be written.
        with waiting_for_writers(connection, PROBE_SECONDS):
            connection.exec_driver_sql(f"PRAGMA user_version = {time.time_ns() % _NUMBERS}")
    else:
        # Where another process has the row, that one writes.
        free = f"SELECT version_num FROM {VERSION_TABLE} FOR UPDATE SKIP LOCKED"  # noqa: S608
        same = f"UPDATE {VERSION_TABLE} SET version_num = version_num"  # noqa: S608
        connection.exec_driver_sql(f"{same} WHERE version_num = ({free})")
