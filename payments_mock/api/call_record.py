"""What is known of one call, from the door to the answer; journal, log, webhooks and faults read it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, Response, g, request

from payments_mock.api.wire import WIRE, Awaited, Pause, Wire
from payments_mock.domain.faults import RequestFacts
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import ContractName
from payments_mock.services.context import CallWebhooks, PaymentChange


@dataclass(slots=True)
class CallRecord:
    """One call: who made it, what it asked, and what came of it; None is what is not known, or not yet.

    `began` is by `time.perf_counter`. `merchant` is the merchant's id in settings and paths, `outcome` the
    code of an answer that refuses, and `faults` are the names of those that struck. `wire` is None on a
    server that can't do to an answer what a fault asks for.
    """

    began: float
    wire: Wire | None
    merchant: str | None = None
    key_family: KeyFamily | None = None
    contract: ContractName | None = None
    operation: str | None = None
    facts: RequestFacts | None = None
    outcome: str | None = None
    change: PaymentChange = field(default_factory=PaymentChange)
    faults: list[str] = field(default_factory=list)
    webhooks: CallWebhooks = field(default_factory=CallWebhooks)

    @property
    def is_waiting(self) -> bool:
        """Whether the call waits in the middle, so that what Flask has for it is no answer yet."""
        return self.wire is not None and self.wire.pause is not None

    def pause(
        self, seconds: float, go_on: Callable[[], Response] | None = None, awaited: Awaited | None = None
    ) -> Response:
        """Have the server wait and then go on, as `Pause` says; returns what Flask passes on meanwhile."""
        assert self.wire is not None  # noqa: S101
        self.wire.pause = Pause(seconds, self, go_on, awaited)
        return Response(status=503)


def keep_records(app: Flask) -> None:
    """Begin a record with each call of `app`; whatever else comes before a call is to be registered later."""
    app.before_request(_enter)


def current_call() -> CallRecord:
    """Return the record of the call that Flask is answering."""
    return cast(CallRecord, g.call)


def _enter() -> Response | None:
    """Make the call's record, or go on with a call that has waited, in the record that it has."""
    wire: Wire | None = request.environ.get(WIRE)
    if wire is None or wire.resumed is None:
        g.call = CallRecord(time.perf_counter(), wire)
        return None
    pause, wire.resumed = wire.resumed, None
    g.call = pause.call
    return None if pause.go_on is None else pause.go_on()
