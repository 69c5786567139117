"""Standard output and standard error that neither fail nor block: they lose and count what can't be written.

The reader may be gone (`2>&1 | head -1`) or not reading, or the disk may be full. No answer may wait or fail
for that.
"""

import io
import os
import select
import socket
import stat
import sys
import threading
from collections.abc import Callable
from typing import Final

_OUTPUT: Final = 1
_ERROR: Final = 2
_AT_ONCE: Final = 4096
"""What a pipe that has room at all takes without blocking, in bytes."""

Send = Callable[[bytes], int]


class LossyOutput(io.TextIOBase):
    """Text that goes to `send`, which returns how many bytes it took, or raises OSError when it takes none.

    The next line that gets through says how many lines were lost before it.
    """

    def __init__(self, send: Send, encoding: str, descriptor: int) -> None:
        self._send = send
        self._encoding = encoding
        self._descriptor = descriptor
        # A signal may come while a line is written, and its handler may write one, too.
        self._turn = threading.RLock()
        self._begun = b""
        self._untold = 0
        self.lost_lines = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding; a character that it lacks becomes a question mark."""
        return self._encoding

    @property
    def errors(self) -> str:  # type: ignore[override]
        """How characters that the encoding lacks are handled."""
        return "replace"

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that this stands for."""
        return self._descriptor

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return os.isatty(self._descriptor)

    def write(self, text: str) -> int:
        """Write text, or lose it."""
        data = text.encode(self._encoding, "replace")
        with self._turn:
            if not self._finish_what_was_begun() or not self._pass_on(self._notice() + data):
                lines = max(text.count("\n"), 1)
                self.lost_lines += lines
                self._untold += lines
            else:
                self._untold = 0
        return len(text)

    def _notice(self) -> bytes:
        return f"payments-mock: {self._untold} lines were lost here\n".encode() if self._untold else b""

    def _finish_what_was_begun(self) -> bool:
        """Send the rest of a half-sent line; returns whether all of it is sent."""
        rest, self._begun = self._begun, b""
        if rest and not self._pass_on(rest):
            self._begun = rest
        return not self._begun

    def _pass_on(self, data: bytes) -> bool:
        """Send data; returns whether it was taken, the rest of it being kept for later."""
        try:
            taken = self._send(data)
        except OSError:
            return False
        self._begun = data[taken:]
        return taken > 0 or not data


def lose_what_can_not_be_written() -> None:
    """Make this process's standard output and error lose what can't be written at once.

    Does nothing to those that someone has replaced already, as a test does.
    """
    # A file that is opened must not get the number of an output that was closed, or lines would go into it.
    missing = _fill_closed_descriptors()
    if sys.stdout is sys.__stdout__:
        sys.stdout = _lossy(sys.__stdout__, _OUTPUT, missing)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _lossy(sys.__stderr__, _ERROR, missing)


def lost_lines() -> int:
    """Return how many lines standard error has lost in this process."""
    return sys.stderr.lost_lines if isinstance(sys.stderr, LossyOutput) else 0


def _lossy(stream: io.TextIOBase | None, descriptor: int, missing: set[int]) -> LossyOutput:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if stream is None or descriptor in missing:
        return LossyOutput(_refuse, encoding, descriptor)
    stream.flush()
    return LossyOutput(_sender(descriptor), encoding, descriptor)


def _fill_closed_descriptors() -> set[int]:
    filled = set()
    for descriptor in (0, _OUTPUT, _ERROR):
        try:
            os.fstat(descriptor)
        except OSError:
            # The system takes the lowest free number, which is this one.
            filled.add(os.open(os.devnull, os.O_RDWR))
    return filled


def _refuse(_data: bytes) -> int:
    raise BrokenPipeError


def _sender(descriptor: int) -> Send:
    """Return a function that writes to a descriptor without blocking.

    The descriptor itself is left as it is: it is shared with other programs, such as the shell.
    """
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return lambda data: os.write(descriptor, data)
    if stat.S_ISSOCK(mode):
        connection = socket.socket(fileno=os.dup(descriptor))
        return lambda data: connection.send(data, socket.MSG_DONTWAIT)
    try:
        opened = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return _sender_that_looks_first(descriptor)
    return lambda data: os.write(opened, data)


def _sender_that_looks_first(descriptor: int) -> Send:
    """Return a function that writes as much as fits; for systems that can't reopen a descriptor."""
    room = select.poll()
    room.register(descriptor, select.POLLOUT)

    def send(data: bytes) -> int:
        if not room.poll(0):
            raise BlockingIOError
        return os.write(descriptor, data[:_AT_ONCE])

    return send
