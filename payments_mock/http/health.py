"""The health check, and what the log says while the database is away."""

import logging
import time
from typing import Final

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from payments_mock._version import __version__
from payments_mock.api.bodies import json_answer
from payments_mock.api.errors import DatabaseUnavailableError
from payments_mock.output import lost_lines
from payments_mock.services.transactions import check_database
from payments_mock.storage.engine.database import Database, database_of
from payments_mock.storage.engine.prepared import first_line

health_check = Blueprint("health", __name__)


@health_check.get("/health")
def show() -> Response:
    """Answer 200 when the database answers and can be written, else 503."""
    try:
        check_database(database_of(current_app))
    except SQLAlchemyError:
        return json_answer(_state("DOWN"), 503)
    return json_answer(_state("UP"))


def _state(word: str) -> dict[str, str | int]:
    """Return the body of the answer; it counts the lines that the log lost, if any."""
    lost = lost_lines()
    state: dict[str, str | int] = {"status": word, "database": word, "version": __version__}
    return state | {"logLinesLost": lost} if lost else state


LINE_SECONDS: Final = 60.0
"""How often the log says that the same is still wrong."""

_log = logging.getLogger(__name__)


class OutageLog:
    """Logs one line about a failing database: when the reason changes, else once in LINE_SECONDS.

    A traceback for each call would only show where the call happened to be.
    """

    def __init__(self) -> None:
        self._reason = ""
        self._said_at = 0.0
        self._calls = 0

    def add(self, call: str, reason: str) -> None:
        """Count a failed call, and log a line if one is due."""
        self._calls += 1
        now = time.monotonic()
        if reason == self._reason and now - self._said_at < LINE_SECONDS:
            return
        _log.error("the database failed %s, and %d calls before it: %s", call, self._calls - 1, reason)
        self._reason, self._said_at, self._calls = reason, now, 0


_outages = OutageLog()


def unavailable(database: Database, error: Exception) -> DatabaseUnavailableError:
    """Log that the database failed the present call, and return what its caller is told."""
    database.doubt()
    _outages.add(f"{request.method} {request.url_rule}", first_line(error))
    return DatabaseUnavailableError("the database is away or takes no writes; ask again in a moment")
