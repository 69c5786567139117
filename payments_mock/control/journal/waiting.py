"""Wait until the journal has what was asked for, or time is over."""

import time
from contextlib import ExitStack
from threading import Event
from typing import Final

from flask import Response, current_app, request

from payments_mock.api.call_record import current_call
from payments_mock.api.wire import Awaited
from payments_mock.control.journal.verification import Expectation
from payments_mock.domain.sandboxes import Merchant
from payments_mock.http.dispatcher import journal_of
from payments_mock.http.journal import WRITE_BEHIND_SECONDS
from payments_mock.services.journal import Wait, count_entries
from payments_mock.services.sandboxes import find_sandbox


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


OTHERS_WRITE_WITHIN_SECONDS: Final = 10 * WRITE_BEHIND_SECONDS
"""When what another process answered can be read; a process can flush its own entries only."""


def await_written() -> Response | None:
    """Wait until all that was answered before the call can be read.

    Returns what has the server ask again, None where there is nothing to wait for any more.
    """
    return _await_written(Patience())


def await_entries(sandbox: Merchant, expected: Expectation, seconds: float) -> Response | None:
    """Wait until there are as many entries as expected, at most so long; what is written can be read then.

    Returns what has the server ask again, None when the wait is over.

    Raises:
        SandboxNotFoundError: the sandbox went meanwhile.
    """
    patience = Patience()
    held = _await_written(patience)
    while held is None and (left := seconds - patience.waited) > 0:
        wait = _begin_to_wait(sandbox, expected)
        if wait is None:
            return None
        held = patience.wait(left, wait)
        sandbox = find_sandbox(sandbox.code)
        journal_of(current_app).write()
    return held


def _await_written(patience: Patience) -> Response | None:
    least = OTHERS_WRITE_WITHIN_SECONDS if request.environ["wsgi.multiprocess"] else 0.0
    held = None
    while held is None and (left := least - patience.waited) > 0:
        held = patience.wait(left)
    journal_of(current_app).write()
    return held


def _begin_to_wait(sandbox: Merchant, expected: Expectation) -> Wait | None:
    """Begin to wait, unless there are as many entries as expected; whoever begins must wait or release it."""
    with ExitStack() as given_up:
        # Begun before it counts, a wait misses nothing that comes in between.
        wait = journal_of(current_app).watch.begin(sandbox.id, expected.chosen)
        given_up.callback(wait.release)
        found = count_entries(sandbox, expected.chosen)
        if expected.holds(found):
            return None
        wait.until(expected.missing(found))
        given_up.pop_all()
    return wait
