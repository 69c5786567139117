"""What a database's driver raises, told in SQLAlchemy's words, where the driver is used without it."""

import sqlite3
from typing import Final

from sqlalchemy import Connection, Index, UniqueConstraint
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

OUTAGES: Final = (OperationalError, InterfaceError, TimeoutError)
"""What is raised when the database is away, locked, full or can't be written, which is no fault of a call."""

_FOREIGN_KEY_VIOLATION: Final = "23503"
_LOCK_NOT_AVAILABLE: Final = "55P03"
"""PostgreSQL's numbers of these errors."""


class OwnerGoneError(SQLAlchemyError):
    """What a row was to belong to is gone: its sandbox was deleted, or reset, a moment before."""


def breaks(error: IntegrityError, constraint: UniqueConstraint | Index) -> bool:
    """Tell whether a statement failed by this constraint, rather than by another."""
    if isinstance(error.orig, sqlite3.Error):
        # SQLite names the columns.
        return str(error.orig).endswith(f": {', '.join(map(str, constraint.columns))}")
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None) == constraint.name


def has_waited_too_long(error: DBAPIError) -> bool:
    """Tell whether a statement gave up waiting for others' locks, as it was told to."""
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def tell_owner_is_gone(context: ExceptionContext) -> None:
    """Raise `OwnerGoneError` for an error of SQLAlchemy that means it; to be called at every error.

    Raises:
        OwnerGoneError: a row was to refer to one that is not there.
    """
    if _refers_to_nothing(context.original_exception):
        raise OwnerGoneError from context.original_exception


def _refers_to_nothing(error: BaseException) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return getattr(error, "sqlstate", None) == _FOREIGN_KEY_VIOLATION


def first_line(error: Exception) -> str:
    """Return what a database or its driver says is wrong, without what it advises below."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]


def driver_errors(connection: Connection) -> type[Exception]:
    """Return what all errors of the driver beneath a connection are."""
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    return errors


def translated(connection: Connection, statement: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy's, without parameters, and give up a connection that is gone.

    Where a row was to refer to one that is not there, it is an `OwnerGoneError`.
    """
    if _refers_to_nothing(error):
        return OwnerGoneError()
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
