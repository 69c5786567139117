"""What a database's driver raises, told in SQLAlchemy's words, where the driver is used without it."""

from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError

OUTAGES: Final = (OperationalError, InterfaceError, TimeoutError)
"""What is raised when the database is away, locked, full or can't be written, which is no fault of a call."""


def first_line(error: Exception) -> str:
    """Return what a database or its driver says is wrong, without what it advises below."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]


def driver_errors(connection: Connection) -> type[Exception]:
    """Return what all errors of the driver beneath a connection are."""
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    return errors


def translated(connection: Connection, statement: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy's, without parameters, and give up a connection that is gone."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        statement,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
