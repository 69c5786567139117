"""What is known of one call, and what the server and the application tell each other about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol, cast

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
    """What is known of a call that the journal's `entry` tells of, and that is made again.

    It comes without a key, as the journal keeps none: it is for a `merchant` (its id in settings and paths),
    as if with the key of the same `family`. `scope` is that of its idempotency key, None where it has none.
    """

    entry: int
    merchant: str
    family: KeyFamily
    scope: str | None


@dataclass(slots=True)
class CallRecord:
    """One call: who made it, what it asked, and what came of it; None is what is not known, or not yet.

    `began` is by `time.perf_counter`. `reader` is who is answered. `merchant` is the merchant's id in
    settings and paths, `outcome` the code of an answer that refuses, and `reason` says why it does.
    `strikes` are of the faults that struck. `wire` is None on a server that can't do to an answer what a
    fault asks for. `replay` says that the call is made again, and is None for any other.
    """

    began: float
    wire: Wire | None
    reader: Reader
    merchant: str | None = None
    key_family: KeyFamily | None = None
    contract: ContractName | None = None
    operation: str | None = None
    facts: RequestFacts | None = None
    outcome: str | None = None
    reason: Reason | None = None
    change: PaymentChange = field(default_factory=PaymentChange)
    strikes: list[Strike] = field(default_factory=list)
    webhooks: CallWebhooks = field(default_factory=partial(CallWebhooks, cause=Cause.SHOPPER))
    replay: Replay | None = None

    @property
    def fault(self) -> str | None:
        """The kinds of what the faults do that struck, separated by commas; None where none did."""
        return ",".join(strike.fault.effect.kind for strike in self.strikes) or None

    @property
    def sent(self) -> str:
        """Which part of its answer goes to the wire: all of it (`answer`), or what a fault leaves."""
        damage = None if self.wire is None else self.wire.damage
        return WHOLE if damage is None else damage.sends

    @property
    def is_waiting(self) -> bool:
        """Whether the call is paused, so that Flask's response is not its answer yet."""
        return self.wire is not None and self.wire.pause is not None

    def begin_anew(self) -> None:
        """Forget what is known of the call but its beginning and its trace, as nothing was done yet."""
        self.operation = self.facts = self.outcome = self.reason = None
        self.change = PaymentChange()
        self.webhooks = CallWebhooks(traceparent=self.webhooks.traceparent, cause=self.webhooks.cause)

    def answer_anew(self) -> None:
        """Forget an answer and its payment, as another call came first and nothing was done."""
        self.outcome = self.reason = None
        self.change.lose()

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
    return cast(CallRecord, g.call)


def begin_record(
    environ: Mapping[str, Any], wire: Wire | None, base_url: str, replay: Replay | None = None
) -> CallRecord:
    """Begin the record of a call that comes now; the links in its answer begin with `base_url`."""
    reader = Reader(accepted_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")), base_url)
    call = CallRecord(time.perf_counter(), wire, reader, replay=replay)
    traceparent = environ.get("HTTP_TRACEPARENT")
    if trace_id_of(traceparent) is not None:
        call.webhooks.traceparent = traceparent
    return call


@contextmanager
def answering(app: Flask, environ: dict[str, Any], call: CallRecord) -> Iterator[Request]:
    """Answer another call in the middle of the one that Flask is answering; that goes on afterwards."""
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
"""The one key of ours in the WSGI environment; a server that does what the `Wire` says has put one there."""

LONGEST_HANG_SECONDS: Final = 600.0

HOLD_SECONDS: Final = 60.0
"""How long a call is held that nobody ends, unless its fault says so."""

LONGEST_HOLD_SECONDS: Final = 600.0
"""After this, an answer leaves whatever it was held for."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, and values. Clients repeat them, so what is made of them is cached."""

WHOLE: Final = "answer"
"""What goes to the wire where no fault spoils an answer."""

NOTHING: Final = "nothing"
"""What goes to the wire where a fault keeps all of an answer."""

UNREAD: Final = object()
"""Stands for the JSON of a body that has not been read yet."""


class Connection(Protocol):
    """The connection that an answer leaves on, for effects that spoil it."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def close(self) -> None:
        """End the connection behind what was sent."""

    def reset(self) -> None:
        """End the connection so that the client sees it reset."""


Spoil = Callable[[bytes, bytes, Connection], None]
"""Sends what is left of an answer, given its head to the empty line and its body, and ends the connection."""


class Awaited(Protocol):
    """What may end a wait before its time."""

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` when the wait ends, in whichever thread; at once if it has ended."""

    def release(self) -> None:
        """Forget the wait, as nobody waits any more."""

    @property
    def is_over(self) -> bool:
        """Whether the wait has ended."""


@dataclass(slots=True)
class Damage:
    """What an answer suffers: it leaves after `seconds`, or never where it `hangs`, and spoilt or slowly.

    Where it is `held`, it then waits until somebody ends that.

    `sends` names what goes to the wire, for those who look at the call.
    """

    seconds: float = 0.0
    hangs: bool = False
    spoil: Spoil | None = None
    drip_seconds: float = 0.0
    sends: str = WHOLE
    held: HeldWait | None = None


@dataclass(slots=True)
class Pause:
    """A wait in the middle of a call, which then goes on with `go_on`, or else with its view once more.

    It ends before its time when what is `awaited` is there.
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
    hands it back as `resumed`, and calls the application to go on. An answer leaves once everything `before`
    it is done, with its `damage`, and `after` is called behind it. The server logs `line`.
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
        """Forget whatever delays or spoils the answer, as the server sends another one."""
        self.pause = self.damage = None
        self.before = ()

    def answer_has_left(self) -> None:
        """Do once what follows the answer, whether or not anybody received it."""
        after, self.after = self.after, None
        if after is not None:
            after()
