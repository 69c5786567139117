"""What is known of one call, and what the server and the application tell each other about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

from flask import Flask, Request, Response, g, request

from payments_mock.api.catalogue import accepted_language
from payments_mock.api.links import ServerAddress
from payments_mock.domain.errors import Reason
from payments_mock.domain.faults import RequestFacts, Strike
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import ContractName
from payments_mock.domain.values import Cause, Reader, immutable, trace_id_of
from payments_mock.services.context import CallWebhooks, PaymentChange
from payments_mock.services.faults import HeldWait


@immutable
class Replay:
    """A call that is made again, as the journal's `entry` has it.

    The journal keeps no keys, so it names the `merchant` (by its id in settings and paths) and the `family`
    of the key. `scope` is that of the call's idempotency key, or None.
    """

    entry: int
    merchant: str
    family: KeyFamily
    scope: str | None


@dataclass(slots=True)
class CallRecord:
    """One call: who made it, what it asked, and how it ended; what is not known yet is None.

    `began` is by `time.perf_counter`. `reader` is who is answered. `merchant` is the merchant's id in
    settings and paths, `outcome` the code of an answer that refuses, and `reason` says why it does. `scope`
    is that of its idempotency key. `strikes` are of the faults that struck. `wire` is None on a server that
    can't do to an answer what a fault asks for. `replay` says that the call is made again, and is None for
    any other.
    """

    began: float
    wire: Wire | None
    reader: Reader
    merchant: str | None = None
    key_family: KeyFamily | None = None
    contract: ContractName | None = None
    operation: str | None = None
    facts: RequestFacts | None = None
    scope: str | None = None
    outcome: str | None = None
    reason: Reason | None = None
    change: PaymentChange = field(default_factory=PaymentChange)
    strikes: list[Strike] = field(default_factory=list)
    webhooks: CallWebhooks = field(default_factory=partial(CallWebhooks, cause=Cause.SHOPPER))
    replay: Replay | None = None

    @property
    def fault(self) -> str | None:
        """The kinds of the faults that struck, separated by commas, or None."""
        return ",".join(strike.fault.effect.kind for strike in self.strikes) or None

    @property
    def sent(self) -> str:
        """Which part of its answer is sent: all of it (`answer`), or what a fault leaves."""
        damage = None if self.wire is None else self.wire.damage
        return WHOLE if damage is None else damage.sends

    @property
    def is_waiting(self) -> bool:
        """Whether the call is paused; Flask's response is only a placeholder then."""
        return self.wire is not None and self.wire.pause is not None

    def begin_anew(self) -> None:
        """Reset the record, but for its beginning and its trace, as nothing was done yet."""
        self.operation = self.facts = self.outcome = self.reason = None
        self.change = PaymentChange()
        self.webhooks = CallWebhooks(traceparent=self.webhooks.traceparent, cause=self.webhooks.cause)

    def forget_answer(self) -> None:
        """Forget the answer and its payment, as nothing was done."""
        self.outcome = self.reason = None
        self.change.forget()

    def lose_race(self) -> None:
        """Forget the answer and its payment, as another call changed that payment first."""
        self.forget_answer()
        self.change.has_lost = True

    def pause(
        self, seconds: float, go_on: Callable[[], Response] | None = None, awaited: Awaited | None = None
    ) -> Response:
        """Have the server wait and then resume, as `Pause` says; returns a placeholder for Flask."""
        assert self.wire is not None  # noqa: S101
        self.wire.pause = Pause(seconds, self, go_on, awaited)
        return Response(status=503)


def keep_records(app: Flask, address: ServerAddress) -> None:
    """Begin a record with each call of `app`, whose links begin with `address`.

    Register any other `before_request` hook after this.
    """

    def enter() -> Response | None:
        return _enter(address)

    app.before_request(enter)


def current_call() -> CallRecord:
    """Return the record of the call that Flask is answering.

    This is for the views and hooks that Flask itself calls; they hand the record on.
    """
    call: CallRecord = g.call
    return call


def begin_record(
    environ: Mapping[str, Any], wire: Wire | None, base_url: str, replay: Replay | None = None
) -> CallRecord:
    """Begin the record of a call that comes now; the links in its answer begin with `base_url`."""
    reader = Reader(accepted_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")), base_url)
    scope = None if replay is None else replay.scope
    call = CallRecord(time.perf_counter(), wire, reader, replay=replay, scope=scope)
    traceparent = environ.get("HTTP_TRACEPARENT")
    if trace_id_of(traceparent) is not None:
        call.webhooks.traceparent = traceparent
    return call


@contextmanager
def answering(app: Flask, environ: dict[str, Any], call: CallRecord) -> Iterator[Request]:
    """Answer another call within the one that Flask is answering, which goes on afterwards."""
    environ[WIRE] = call.wire
    with app.app_context(), app.request_context(environ):
        g.call = call
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        yield asked


def _enter(address: ServerAddress) -> Response | None:
    """Make the call's record, or resume a paused call with its own record."""
    environ = request.environ
    wire: Wire | None = environ.get(WIRE)
    if wire is None or wire.resumed is None:
        g.call = begin_record(environ, wire, address.for_request(environ))
        return None
    pause, wire.resumed = wire.resumed, None
    g.call = pause.call
    return None if pause.go_on is None else pause.go_on()


WIRE: Final = "payments_mock.wire"
"""Our one key in the WSGI environment; a server that obeys the `Wire` puts it there."""

LONGEST_HANG_SECONDS: Final = 600.0

HOLD_SECONDS: Final = 60.0
"""How long a call is held if nobody ends that, unless its fault says otherwise."""

LONGEST_HOLD_SECONDS: Final = 600.0
"""After this, an answer leaves whatever it was held for."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, and values. Clients repeat them, so what we parse from them is cached."""

WHOLE: Final = "answer"
"""What is sent when no fault spoils the answer."""

NOTHING: Final = "nothing"
"""What is sent when a fault keeps the whole answer."""

UNREAD: Final = object()
"""Stands for the JSON of a body that was not parsed yet."""


class Connection(Protocol):
    """The connection that an answer leaves on, for effects that spoil it."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def close(self) -> None:
        """End the connection after what was sent."""

    def reset(self) -> None:
        """End the connection so that the client sees it reset."""


Spoil = Callable[[bytes, bytes, Connection], None]
"""Sends what is left of an answer, given its head and its body, and ends the connection."""


class Awaited(Protocol):
    """Something that may end a wait early."""

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` when the wait ends, from any thread; at once if it has ended."""

    def release(self) -> None:
        """Forget the wait, as nobody waits any more."""

    @property
    def is_over(self) -> bool:
        """Whether the wait has ended."""


@dataclass(slots=True)
class Damage:
    """What faults do to an answer: it leaves after `seconds`, or never if it `hangs`, spoilt or slowly.

    If it is `held`, it then waits until somebody ends that.

    `sends` names what is sent, for the log and the journal.
    """

    seconds: float = 0.0
    hangs: bool = False
    spoil: Spoil | None = None
    drip_seconds: float = 0.0
    sends: str = WHOLE
    held: HeldWait | None = None


@dataclass(slots=True)
class Pause:
    """A wait in the middle of a call, which then goes on with `go_on`, or runs its view again.

    It ends early when what is `awaited` happens.
    """

    seconds: float
    call: CallRecord
    go_on: Callable[[], Response] | None = None
    awaited: Awaited | None = None


@dataclass(slots=True)
class Wire:
    """How a request came, and what the server does around its answer.

    The server fills in `headers`, and `body` where it has read the whole of it; `json` is what the
    application has read there. With a `pause` there is no answer yet: the server waits, takes the pause out,
    hands it back as `resumed`, and calls the application to go on. An answer leaves with its `damage` once
    everything `before` it is done, and `after` is called then. The server logs `line`.
    """

    headers: Headers | None = None
    body: bytes | None = None
    json: Any = UNREAD
    pause: Pause | None = None
    resumed: Pause | None = None
    damage: Damage | None = None
    before: Sequence[Future[None]] = ()
    after: Callable[[], None] | None = None
    line: str = ""

    def leaves_at_once(self) -> bool:
        """Tell whether there is an answer, and nothing delays or spoils it."""
        return self.pause is None and self.damage is None and not self.before

    def forget(self) -> None:
        """Forget what delays or spoils the answer, as the server sends another one."""
        self.pause = self.damage = None
        self.before = ()

    def answer_has_left(self) -> None:
        """Run `after` once, whether or not anybody received the answer."""
        after, self.after = self.after, None
        if after is not None:
            after()
