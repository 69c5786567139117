"""Calls that wait for something, while the server goes on answering others."""

import time
from threading import Event

from flask import Response, g, request

from payments_mock.http.wire import WIRE, Awaited, Wire


class Patience:
    """How long the call that is being answered has waited, and how it waits on.

    The time is measured by a clock that nobody sets, from when the call came.
    """

    def __init__(self) -> None:
        note: Wire | None = request.environ.get(WIRE)
        self._began: float = time.monotonic() if note is None else note.kept["began"]
        self._can_be_asked_again = WIRE in request.environ
        if self._can_be_asked_again:
            request.environ[WIRE] = None

    @property
    def waited(self) -> float:
        """The seconds since the call came."""
        return time.monotonic() - self._began

    def wait(self, seconds: float, awaited: Awaited | None = None) -> Response | None:
        """Wait until what is awaited is there, at most so long.

        Returns what has the server ask again after the wait, None where the wait is over already.
        """
        if self._can_be_asked_again:
            g.held = True
            request.environ[WIRE] = Wire(
                seconds, asks_again=True, awaited=awaited, kept={"began": self._began}
            )
            return Response(status=503)
        is_over = Event()
        if awaited is not None:
            awaited.on_end(is_over.set)
        is_over.wait(seconds)
        if awaited is not None:
            awaited.release()
        return None
