"""A start that fails ends in one line on standard error and the exit code of a usage error."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from payments_mock.merchant_settings import SettingsError


@contextmanager
def refusing_in_one_line() -> Iterator[None]:
    """Surround a command that runs a server: whatever keeps it from running is told in one line.

    Raises:
        SettingsError: it can't run.
    """
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise SettingsError(f"can't run: {reason_of(error)}") from error


def reason_of(error: Exception) -> str:
    """Return what an error says to a user, without the statement or the number that comes with it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    # SQLAlchemy adds the statement and a link to its own error, which is in `orig`.
    return str(getattr(error, "orig", None) or error) or type(error).__name__
