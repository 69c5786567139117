"""What a database's driver raises, told in SQLAlchemy's words, where the driver is used without it."""

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


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
