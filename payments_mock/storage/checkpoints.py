"""Fold SQLite's write-ahead log into its file beside the calls, which would wait for the disk otherwise."""

from threading import Thread
from typing import Final

from sqlalchemy import Engine

EVERY: Final = 1024
"""How many commits a process makes before it looks, which are some 30 MB of log with what the journal writes."""

ROUNDS: Final = 5
"""How often the log is folded until nobody has written meanwhile, so that it begins anew instead of growing."""


class Checkpoints:
    """Counts the commits to one SQLite file, and has the log folded now and then by a thread of its own.

    SQLite would do it within the commit that makes the log too long: 15 to 40 ms on a disk, mostly spent
    waiting for it. It still does where this one can't keep up (`wal_autocheckpoint`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._commits = 0
        self._thread: Thread | None = None

    def count(self) -> None:
        """Take note of a commit."""
        self._commits += 1
        if self._commits % EVERY == 0 and (self._thread is None or not self._thread.is_alive()):
            self._thread = Thread(target=self.fold, name="checkpoint", daemon=True)
            self._thread.start()

    def fold(self) -> None:
        """Fold the log into the file; nobody who reads or writes has to wait for that."""
        borrowed = self._engine.raw_connection()
        try:
            for _ in range(ROUNDS):
                cursor = borrowed.cursor()
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
                is_busy, written, folded = cursor.fetchone() or (1, 0, 0)
                cursor.close()
                if is_busy or folded == written:
                    return
        finally:
            borrowed.close()
