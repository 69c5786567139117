"""Calls that wait for something, while the server goes on answering others."""

import time
from threading import Event

from flask import Response

from payments_mock.http.call_record import current_call
from payments_mock.http.wire import Awaited


class Patience:
    """How long the call that is being answered has waited, and how it waits on.

    The time is measured by a clock that nobody sets, from when the call came.
    """

    def __init__(self) -> None:
        self._call = current_call()

    @property
    def waited(self) -> float:
        """The seconds since the call came."""
        return time.perf_counter() - self._call.began

    def wait(self, seconds: float, awaited: Awaited | None = None) -> Response | None:
        """Wait until what is awaited is there, at most so long.

        Returns what has the server go on with the call's view after the wait, None where the wait is over
        already.
        """
        if self._call.wire is not None:
            return self._call.pause(seconds, awaited=awaited)
        is_over = Event()
        if awaited is not None:
            awaited.on_end(is_over.set)
        is_over.wait(seconds)
        if awaited is not None:
            awaited.release()
        return None
