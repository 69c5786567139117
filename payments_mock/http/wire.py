"""What an answer is to suffer on its way out, as a note for the server that sends it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

WIRE: Final = "payments_mock.wire"
"""The key of the note in the WSGI environment; a server that reads it has put None there before."""

LONGEST_HANG_SECONDS: Final = 600.0


class Cut(StrEnum):
    """How an answer is spoilt."""

    RESET = "reset"
    EMPTY = "empty"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"


@dataclass(slots=True)
class Wire:
    """The note: wait `seconds` first, or for as long as the client stays; then send, spoilt or slowly.

    With `asks_again` the application is to be asked once more after the wait, with the note in the
    environment; what it has kept in `kept` it finds there.
    """

    seconds: float = 0.0
    hangs: bool = False
    asks_again: bool = False
    cut: Cut | None = None
    drip_seconds: float = 0.0
    kept: dict[str, Any] = field(default_factory=dict)
