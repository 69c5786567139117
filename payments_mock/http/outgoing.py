"""What is to happen around the sending of an answer, as a note for the server that sends it."""

from collections.abc import Callable, MutableMapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

OUTGOING: Final = "payments_mock.outgoing"
"""The key of the note in the WSGI environment; a server that reads it has put None there before."""

LONGEST_HOLD_SECONDS: Final = 600.0
"""After this, an answer leaves whatever it was held for."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The note: the answer leaves once everything `before` it is done, and `after` is called behind it."""

    before: Sequence[Future[None]] = ()
    after: Callable[[], None] | None = None


def answer_has_left(environ: MutableMapping[str, Any]) -> None:
    """Do what was to be done behind an answer, once, whether or not anybody has got it."""
    outgoing: Outgoing | None = environ[OUTGOING]
    if outgoing is not None:
        environ[OUTGOING] = None
        if outgoing.after is not None:
            outgoing.after()
