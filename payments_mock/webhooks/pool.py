"""A few threads that make attempts beside the answers, and die with their process."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Condition, Lock, Thread

THREADS = 16
"""How many attempts a process makes at once; a merchant that does not answer holds one for ten seconds."""

Job = Callable[[], None]


class DaemonPool:
    """Runs jobs in at most THREADS daemon threads, which are started as they are needed.

    Unlike the standard library's pool it keeps no process from ending.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Job, Future[None]] | None] = SimpleQueue()
        self._lock = Lock()
        self._done = Condition(self._lock)
        self._threads = 0
        self._unfinished = 0

    def submit(self, job: Job) -> Future[None]:
        """Have a job run; the future ends with it, however it ends."""
        future: Future[None] = Future()
        with self._lock:
            self._unfinished += 1
            if self._threads < min(self._unfinished, THREADS):
                self._threads += 1
                Thread(target=self._work, name="webhooks", daemon=True).start()
        self._jobs.put((job, future))
        return future

    def wait(self, seconds: float) -> bool:
        """Wait until no job is left, for so long at the most; returns whether none is."""
        with self._done:
            return self._done.wait_for(lambda: self._unfinished == 0, seconds)

    def stop(self, seconds: float) -> None:
        """Let the jobs end, if they do within so long, and their threads with them."""
        self.wait(seconds)
        with self._lock:
            threads = self._threads
        for _ in range(threads):
            self._jobs.put(None)

    def _work(self) -> None:
        try:
            while (given := self._jobs.get()) is not None:
                job, future = given
                try:
                    job()
                finally:
                    future.set_result(None)
                    with self._done:
                        self._unfinished -= 1
                        self._done.notify_all()
        finally:
            # A job that fails takes its thread along; the next job starts another.
            with self._lock:
                self._threads -= 1


def when_all(parts: Sequence[Future[None]], whole: Future[None]) -> None:
    """End `whole` as soon as all its parts have ended."""
    missing = len(parts)
    lock = Lock()

    def end_one(_part: Future[None]) -> None:
        nonlocal missing
        with lock:
            missing -= 1
            is_last = missing == 0
        if is_last:
            whole.set_result(None)

    if not parts:
        whole.set_result(None)
    for part in parts:
        part.add_done_callback(end_one)
