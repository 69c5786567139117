"""The tables of a database, made at once or upgraded by Alembic, its probes, and who else uses it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, MetaData, text

from payments_mock.storage.engine.engines import (
    POSTGRESQL,
    SQLITE,
    SQLITE_BUSY_SECONDS,
    DatabaseUnsupportedError,
)

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""The steps in their order; named here, so that a start need not import Alembic to know the last one."""

VERSION_TABLE: Final = "alembic_version"
_START_LOCK: Final = 0x70_61_79_6D_6F_63_6B
"""The lock that starting processes queue for in PostgreSQL; any number that no other program uses."""


class DatabaseVersionError(DatabaseUnsupportedError):
    """The tables in a database are not ones that this release can use."""


STATEMENTS: Final = Path(__file__).with_name("tables.sql")
"""What makes the tables of this release in SQLite; `python -m tests.storage.statements` writes it."""


def make_at_once(engine: Engine) -> None:
    """Make the tables in a new SQLite database that is not kept.

    SQLAlchemy would work the statements out again at each start, in 12 ms, and remember 0.5 MB of how.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database can't be opened.
        sqlite3.Error: it can't hold the tables.
    """
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101
        driver.executescript(STATEMENTS.read_text(encoding="utf-8"))


def bring_up_to_date(engine: Engine, metadata: MetaData) -> None:
    """Give a kept database the tables of this release.

    Raises:
        DatabaseVersionError: it is of a newer release, or none knows which.
        sqlalchemy.exc.SQLAlchemyError: the database does not answer, or can't hold the tables.
    """
    with engine.connect() as connection:
        if _revision(connection) == REVISIONS[-1]:
            return
        with _alone(connection):
            # Another process may have done it while this one waited.
            revision = _revision(connection)
            if revision is None:
                _make(connection, metadata)
            elif revision != REVISIONS[-1]:
                _upgrade(connection, revision)


def wait_for_turn(connection: Connection) -> None:
    """Make processes that start together wait for each other, until the transaction ends."""
    if connection.dialect.name == POSTGRESQL:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_START_LOCK})"))


def _revision(connection: Connection) -> str | None:
    """Return which release's tables there are, None where there are none."""
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return found


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Run the block as one change of all tables, while other processes wait."""
    is_sqlite = connection.dialect.name == SQLITE
    driver = connection.connection
    if is_sqlite:
        # A step may make a table anew, and what refers to the old one would go with it.
        driver.cursor().execute("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
    is_done = False
    try:
        wait_for_turn(connection)
        yield
        is_done = True
    finally:
        if is_done:
            driver.commit()
        else:
            driver.rollback()
        if is_sqlite:
            driver.cursor().execute("PRAGMA foreign_keys=ON")


def _make(connection: Connection, metadata: MetaData) -> None:
    if any(connection.dialect.has_table(connection, name) for name in metadata.tables):
        raise DatabaseVersionError(
            "the database has tables of these names that no release of payments-mock has made, or one before"
            " the first; name another database"
        )
    metadata.create_all(connection, checkfirst=False)
    connection.execute(
        text(
            f"CREATE TABLE {VERSION_TABLE}"
            f" (version_num VARCHAR(32) NOT NULL CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY)"
        )
    )
    statement = text(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (:revision)")  # noqa: S608
    connection.execute(statement, {"revision": REVISIONS[-1]})


def _upgrade(connection: Connection, revision: str) -> None:
    if revision not in REVISIONS:
        raise DatabaseVersionError(
            f"the database was made by a newer release of payments-mock: its tables are {revision}, and this"
            f" release knows them up to {REVISIONS[-1]}; install that release, or name another database"
        )
    from payments_mock.storage.migrations import upgrade

    upgrade(connection)


_NUMBERS: Final = 2**31


def probe_reading(connection: Connection) -> None:
    """Ask for an answer out of a table: without one, SQLite answers from memory alone."""
    connection.execute(text("SELECT id FROM merchants LIMIT 1"))


def probe_writing(connection: Connection, seconds: float) -> None:
    """Write something that nobody reads, waiting at most `seconds` for its turn."""
    if connection.dialect.name == SQLITE:
        # A number in the file's header that SQLite leaves to programs; it must change to be written.
        with _waiting_for_writers(connection, seconds):
            connection.exec_driver_sql(f"PRAGMA user_version = {time.time_ns() % _NUMBERS}")
    else:
        # If another process has locked the row, that process is writing.
        free = f"SELECT version_num FROM {VERSION_TABLE} FOR UPDATE SKIP LOCKED"  # noqa: S608
        same = f"UPDATE {VERSION_TABLE} SET version_num = version_num"  # noqa: S608
        connection.exec_driver_sql(f"{same} WHERE version_num = ({free})")


def others_may_be_connected(connection: Connection) -> bool:
    """Tell whether the database has another process just now; SQLite does not say who has its file open."""
    return connection.dialect.name == SQLITE or bool(connection.scalar(_OTHERS))


_OTHERS: Final = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
    " AND coalesce(backend_type, 'client backend') = 'client backend'"
    " AND application_name IS DISTINCT FROM current_setting('application_name'))"
)
"""Of another role's connections nothing is shown, so that each counts as another process."""


@contextmanager
def _waiting_for_writers(connection: Connection, seconds: float) -> Iterator[None]:
    """Have SQLite wait that long at the most for the other writers of its file."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(SQLITE_BUSY_SECONDS * 1000)}")
