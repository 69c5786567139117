"""What the server and the application tell each other about one request, beside what WSGI has words for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from flask import Response

    from payments_mock.api.call_record import CallRecord

WIRE: Final = "payments_mock.wire"
"""The one key of ours in the WSGI environment; a server that does what the `Wire` says has put one there."""

LONGEST_HANG_SECONDS: Final = 600.0

LONGEST_HOLD_SECONDS: Final = 600.0
"""After this, an answer leaves whatever it was held for."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, and values. Clients send the same again and again, so what is made of them is kept."""

UNREAD: Final = object()
"""What stands for the JSON of a body that nobody has read yet."""


class Connection(Protocol):
    """The connection that an answer goes out on, for an effect that spoils it."""

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
        """Have `wake` called when it does, in whichever thread; at once if it has."""

    def release(self) -> None:
        """Take note that nobody waits any more."""

    @property
    def is_over(self) -> bool:
        """Whether it has."""


@dataclass(slots=True)
class Damage:
    """What an answer suffers: it leaves after `seconds`, or never where it `hangs`, and spoilt or slowly."""

    seconds: float = 0.0
    hangs: bool = False
    spoil: Spoil | None = None
    drip_seconds: float = 0.0


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
    it is done, with its `damage`, and `after` is called behind it.
    """

    headers: Headers | None = None
    body: bytes | None = None
    json: Any = UNREAD
    pause: Pause | None = None
    resumed: Pause | None = None
    damage: Damage | None = None
    before: Sequence[Future[None]] = ()
    after: Callable[[], None] | None = None

    def leaves_at_once(self) -> bool:
        """Tell whether there is an answer, and nothing that keeps or spoils it."""
        return self.pause is None and self.damage is None and not self.before

    def forget(self) -> None:
        """Let go of whatever keeps or spoils the answer, as the server has another one."""
        self.pause = self.damage = None
        self.before = ()

    def answer_has_left(self) -> None:
        """Do what was to be done behind an answer, once, whether or not anybody has got it."""
        after, self.after = self.after, None
        if after is not None:
            after()
