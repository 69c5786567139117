"""Fold SQLite's write-ahead log into its file, little by little and without waiting for the disk."""

import sqlite3
from contextlib import closing, suppress
from threading import Thread
from typing import Any, Final

from sqlalchemy import Engine

EVERY: Final = 64
"""How many commits a process makes before it folds what they wrote: few, so that no fold takes long."""


class Checkpoints:
    """Counts the commits to one SQLite file, and has the log folded now and then.

    A file that `waits_for_disk` is folded by a thread of its own, any other by the commit itself: that takes
    a third of a millisecond, while a thread would take a processor from the client for as long.

    SQLite would do it within the commit that makes the log too long: 15 to 40 ms on a disk, mostly spent
    waiting for it. It still does where this can't keep up (`wal_autocheckpoint`).

    A log that is folded to its end begins anew instead of growing. Nobody may commit meanwhile, so that a
    commit does it to what a thread has left, and only where the log has `longest` pages or more.
    """

    def __init__(self, engine: Engine, longest: int, *, waits_for_disk: bool = True) -> None:
        self._engine = engine
        self._longest = longest
        self._waits_for_disk = waits_for_disk
        self._commits = 0
        self._ends_with_next = False
        self.thread: Thread | None = None

    def count(self, connection: Any) -> None:
        """Take note of a commit on a driver's connection, whose thread is the one that may write."""
        self._commits += 1
        is_due = self._commits % EVERY == 0
        if self._ends_with_next or (is_due and not self._waits_for_disk):
            self._ends_with_next = False
            with suppress(sqlite3.Error):
                _fold(connection)
        elif is_due and (self.thread is None or not self.thread.is_alive()):
            self.thread = Thread(target=self.fold, name="checkpoint", daemon=True)
            self.thread.start()

    def wait(self) -> None:
        """Wait until the thread is done that folds the log, if there is one."""
        if self.thread is not None:
            self.thread.join()

    def fold(self) -> None:
        """Fold the log into the file, and have the next commit end it if it has become long.

        Where that fails, as on a full disk, whoever writes next finds out for himself.
        """
        with suppress(sqlite3.Error), closing(self._engine.raw_connection()) as connection:
            is_long = _fold(connection) >= self._longest
            if is_long:
                # The second time there is far less, so that the commit which ends the log finds little left.
                _fold(connection)
            self._ends_with_next = is_long


def _fold(connection: Any) -> int:
    """Fold what is there without waiting for anybody; returns how many pages the log had then."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    _is_busy, pages, _folded = cursor.fetchone()
    cursor.close()
    return int(pages)
