"""A thread that wakes whoever waits for entries of the journal."""

import logging
import os
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from payments_mock.services.journal import JournalWaits, Wait
from payments_mock.storage.engine.database import Database
from payments_mock.storage.journal import JournalFilter

LOOK_SECONDS: Final = 0.1
"""How long it is from one look to the next, which finds what others have written, or taken away."""

_log = logging.getLogger(__name__)


class JournalWatch:
    """Looks for all who wait in this process, and sleeps while nobody does.

    What this process writes is looked at when it has been written, what others do a moment later.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._process: int | None = None
        self._waits = JournalWaits(database)
        self._has_waits = Event()
        self._has_news = Event()

    def begin(self, merchant_id: int, chosen: JournalFilter) -> Wait:
        """Begin to count the entries of a merchant that a filter chooses, from those behind this moment."""
        with self._lock:
            if self._process != os.getpid():
                self._process, self._waits = os.getpid(), JournalWaits(self._database)
                Thread(target=self._keep_looking, name="journal waits", daemon=True).start()
        wait = self._waits.begin(merchant_id, chosen)
        self._has_waits.set()
        return wait

    def tell(self) -> None:
        """Look at once, as something was written."""
        if self._waits.are_there:
            self._has_news.set()

    def finish(self, merchant_id: int) -> None:
        """Have all look again who wait in a merchant's sandbox, as entries were taken away."""
        self._waits.finish(merchant_id)

    def _keep_looking(self) -> None:
        while True:
            self._has_waits.wait()
            self._has_waits.clear()
            while self._waits.are_there:
                self._has_news.wait(LOOK_SECONDS)
                self._has_news.clear()
                self._look()

    def _look(self) -> None:
        try:
            self._waits.look()
        except SQLAlchemyError as error:
            _log.warning("waits for the journal: tried again in a moment: %s", error.__class__.__name__)
