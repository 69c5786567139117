"""Threads that wait for what becomes due: webhooks that a replica left, and deadlines of payments."""

import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from payments_mock.clock import Clock
from payments_mock.http.dispatcher import context_outside
from payments_mock.services.context import CallWebhooks
from payments_mock.services.payments.lookup import are_deadlines_watched, expire_due, find_deadlines
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox
from payments_mock.storage.engine.database import database_of

AFTER_A_FAILURE_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class Poller:
    """Calls `look` again and again, each time after so many seconds as it returned, or when told to.

    Each process has a thread of its own for it, from when it first needs one.
    """

    def __init__(self, name: str, look: Callable[[], float]) -> None:
        self._name = name
        self._look = look
        self._lock = Lock()
        self._process: int | None = None
        self._wake = Event()
        self._ended = Event()
        self._thread: Thread | None = None

    @property
    def is_on(self) -> bool:
        """Whether this process is watching."""
        is_mine = self._process == os.getpid()
        return is_mine and self._thread is not None and self._thread.is_alive()

    def begin(self) -> None:
        """Poller from now on."""
        with self._lock:
            if self.is_on:
                return
            self._process = os.getpid()
            self._wake, self._ended = Event(), Event()
            self._thread = Thread(
                target=self._keep_looking, args=(self._wake, self._ended), name=self._name, daemon=True
            )
            self._thread.start()

    def look_now(self) -> None:
        """Look at once, as something has changed, and from now on."""
        self.begin()
        self._wake.set()

    def end(self, seconds: float) -> None:
        """Look no more, and wait for a look under way, for so long at the most."""
        with self._lock:
            thread, is_on, self._process = self._thread, self.is_on, None
            self._ended.set()
            self._wake.set()
        if is_on and thread is not None:
            thread.join(seconds)

    def _keep_looking(self, wake: Event, ended: Event) -> None:
        while not ended.is_set():
            wake.clear()
            try:
                seconds = self._look()
            except SQLAlchemyError as error:
                _log.warning("%s: tried again in a moment: %s", self._name, error.__class__.__name__)
                seconds = AFTER_A_FAILURE_SECONDS
            wake.wait(seconds)


LONGEST_SLEEP_SECONDS: Final = 60.0
"""Far less than any payment is given, so that each is known before it runs out, whoever began it."""

SHORTEST_SLEEP_SECONDS: Final = 0.05
STOP_SECONDS: Final = 1.0


class Deadlines:
    """Stores payments as expired when their time is over on a clock that runs, and has `send` tell of it.

    Between two deadlines it sleeps. Several processes may watch the same deadline: storing the change is a
    compare-and-set, so one of them does it. Where nobody listens, looking at the payment is early enough.
    """

    def __init__(self, app: Flask, clock: Clock, send: Callable[[CallWebhooks], None]) -> None:
        self._app = app
        self._database = database_of(app)
        self._clock = clock
        self._send = send
        self._poller = Poller("deadlines", self._expire)

    def begin(self) -> None:
        """Poller, if any merchant would be told, or replicas may know of one."""
        if are_deadlines_watched(self._database):
            self._poller.begin()

    def look_now(self) -> None:
        """Look at once, as a clock was moved or a merchant began to listen."""
        self._poller.look_now()

    def end(self) -> None:
        """Poller no more."""
        self._poller.end(STOP_SECONDS)

    def _expire(self) -> float:
        """Expire what is due; returns in how many seconds there will be more."""
        deadlines = find_deadlines(self._database)
        now = self._clock()
        with self._app.app_context():
            for code, deadline in deadlines:
                if deadline <= now:
                    self._expire_due_of(code)
        ahead = [(deadline - now).total_seconds() for _, deadline in deadlines]
        return max(SHORTEST_SLEEP_SECONDS, min([LONGEST_SLEEP_SECONDS, *ahead]))

    def _expire_due_of(self, code: str) -> None:
        try:
            merchant = find_sandbox(self._database, code)
        except SandboxNotFoundError:
            return
        context = context_outside(merchant)
        expire_due(context)
        self._send(context.webhooks)
