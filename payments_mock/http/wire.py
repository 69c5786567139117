"""What an answer is to suffer on its way out, as a note for the server that sends it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

WIRE: Final = "payments_mock.wire"
"""The key of the note in the WSGI environment; a server that reads it has put None there before."""

LONGEST_HANG_SECONDS: Final = 600.0


class Cut(StrEnum):
    """How an answer is spoilt."""

    RESET = "reset"
    EMPTY = "empty"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"


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
class Wire:
    """The note: wait `seconds` first, or for as long as the client stays; then send, spoilt or slowly.

    With `asks_again` the application is to be asked once more after the wait, with the note in the
    environment; what it has kept in `kept` it finds there. The wait ends before its time when what is
    `awaited` is there.
    """

    seconds: float = 0.0
    hangs: bool = False
    asks_again: bool = False
    cut: Cut | None = None
    drip_seconds: float = 0.0
    awaited: Awaited | None = None
    kept: dict[str, Any] = field(default_factory=dict)
