"""Payments run out of time by themselves, so that merchants who listen are told without anybody looking."""

from collections.abc import Callable
from typing import Final

from flask import Flask

from payments_mock.clock import Clock
from payments_mock.http.gateway import context_outside
from payments_mock.services.context import CallWebhooks
from payments_mock.services.due import expire_due
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox
from payments_mock.storage.database import has_replicas, reading
from payments_mock.storage.due_payments import find_deadlines, is_anybody_told
from payments_mock.webhooks.poller import Poller

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
        self._clock = clock
        self._send = send
        self._poller = Poller("deadlines", self._expire)

    def begin(self) -> None:
        """Poller, if any merchant would be told, or replicas may know of one."""
        with self._app.app_context(), reading() as connection:
            is_needed = has_replicas(connection) or is_anybody_told(connection)
        if is_needed:
            self._poller.begin()

    def look_now(self) -> None:
        """Look at once, as a clock was moved or a merchant began to listen."""
        self._poller.look_now()

    def end(self) -> None:
        """Poller no more."""
        self._poller.end(STOP_SECONDS)

    def _expire(self) -> float:
        """Expire what is due; returns in how many seconds there will be more."""
        with self._app.app_context():
            with reading() as connection:
                deadlines = find_deadlines(connection)
            now = self._clock()
            for code, deadline in deadlines:
                if deadline <= now:
                    self._expire_due_of(code)
        ahead = [(deadline - now).total_seconds() for _, deadline in deadlines]
        return max(SHORTEST_SLEEP_SECONDS, min([LONGEST_SLEEP_SECONDS, *ahead]))

    def _expire_due_of(self, code: str) -> None:
        try:
            merchant = find_sandbox(code)
        except SandboxNotFoundError:
            return
        context = context_outside(merchant)
        expire_due(context)
        self._send(context.webhooks)
