"""A thread that does what is due, and sleeps until more is."""

import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

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
