"""What callers and operators are told when the database fails a call."""

import logging
import time
from typing import Final

from flask import request

from payments_mock.http.errors import DatabaseUnavailableError
from payments_mock.storage.errors import first_line
from payments_mock.storage.health import doubt_database

LINE_SECONDS: Final = 60.0
"""How often the log says that the same is still wrong."""

_log = logging.getLogger(__name__)


class OutageLog:
    """Says in a line what is wrong with the database: when that changes, and else once in LINE_SECONDS.

    A traceback for each call would show where the call was, and everyone's call is somewhere.
    """

    def __init__(self) -> None:
        self._reason = ""
        self._said_at = 0.0
        self._calls = 0

    def add(self, call: str, reason: str) -> None:
        """Take a call down that failed for a reason."""
        self._calls += 1
        now = time.monotonic()
        if reason == self._reason and now - self._said_at < LINE_SECONDS:
            return
        _log.error("the database failed %s, and %d calls before it: %s", call, self._calls - 1, reason)
        self._reason, self._said_at, self._calls = reason, now, 0


_outages = OutageLog()


def unavailable(error: Exception) -> DatabaseUnavailableError:
    """Log that the database failed the present call, and return what its caller is told."""
    doubt_database()
    _outages.add(f"{request.method} {request.url_rule}", first_line(error))
    return DatabaseUnavailableError("the database is away or takes no writes; ask again in a moment")
