"""The threads of webhooks: those that send in fair turns, and those that wait for deadlines."""

import logging
import os
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from threading import Condition, Event, Lock, Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from payments_mock.clock import Clock
from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import CallWebhooks, Context, Database
from payments_mock.services.payments.changes import are_deadlines_watched, expire_due, find_deadlines
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox

OWNER_THREADS: Final = 16
"""How many jobs of one owner run at once; a merchant that does not answer holds one for ten seconds."""

SHARED_THREADS: Final = 128
"""How many jobs run at once before an owner gets one thread only."""

MOST_THREADS: Final = 1024
IDLE_SECONDS: Final = 10.0
"""How long a thread waits for its next job before it ends."""

Job = Callable[[], None]


class FairPool:
    """Runs the jobs of each owner beside those of the others, however long those take.

    Where there are more jobs than threads, owners take turns. Unlike the standard library's pool it keeps no
    process from ending.
    """

    def __init__(self) -> None:
        lock = Lock()
        self._changed = Condition(lock)
        self._all_done = Condition(lock)
        # The owner whose turn comes next is the first.
        self._queues: dict[Hashable, deque[tuple[Job, Future[None]]]] = {}
        self._running: Counter[Hashable] = Counter()
        self._threads = 0
        self._is_ending = False

    def submit(self, owner: Hashable, job: Job) -> Future[None]:
        """Run a job of an owner; the future ends when the job does, however it ends."""
        future: Future[None] = Future()
        with self._changed:
            self._is_ending = False
            self._queues.setdefault(owner, deque()).append((job, future))
            self._start_thread_if_needed()
            self._changed.notify()
        return future

    def is_full(self, owner: Hashable) -> bool:
        """Tell whether another job of this owner would have to wait for the owner's others."""
        with self._changed:
            return self._running[owner] + len(self._queues.get(owner, ())) >= OWNER_THREADS

    def wait(self, seconds: float) -> bool:
        """Wait at most so long until no job is left; returns whether that is so."""
        with self._all_done:
            return self._all_done.wait_for(lambda: not self._queues and not self._running, seconds)

    def stop(self, seconds: float) -> None:
        """Wait at most so long for the jobs to end, and drop those that have not begun by then."""
        self.wait(seconds)
        with self._changed:
            dropped = [future for queue in self._queues.values() for _, future in queue]
            self._queues.clear()
            self._is_ending = True
            self._changed.notify_all()
        for future in dropped:
            future.set_result(None)

    def _start_thread_if_needed(self) -> None:
        if self._threads < min(self._running.total() + self._ready_jobs(), MOST_THREADS):
            self._threads += 1
            Thread(target=self._work, name="webhooks", daemon=True).start()

    def _ready_jobs(self) -> int:
        """Return how many jobs could begin now, if there were threads for all of them."""
        return sum(min(len(queue), self._room(owner)) for owner, queue in self._queues.items())

    def _room(self, owner: Hashable) -> int:
        limit = OWNER_THREADS if self._running.total() < SHARED_THREADS else 1
        return max(0, limit - self._running[owner])

    def _work(self) -> None:
        while (taken := self._await_job()) is not None:
            owner, job, future = taken
            has_ended = False
            try:
                job()
                has_ended = True
            finally:
                self._note_end(owner, keeps_thread=has_ended)
                future.set_result(None)

    def _note_end(self, owner: Hashable, *, keeps_thread: bool) -> None:
        with self._changed:
            self._running[owner] -= 1
            if not self._running[owner]:
                del self._running[owner]
            if not keeps_thread:
                # A job that fails ends its thread.
                self._threads -= 1
                self._start_thread_if_needed()
            if not self._queues and not self._running:
                self._all_done.notify_all()

    def _await_job(self) -> tuple[Hashable, Job, Future[None]] | None:
        """Wait for the next job; None tells a thread to end."""
        with self._changed:
            while (taken := self._take()) is None:
                if self._is_ending or not self._changed.wait(IDLE_SECONDS):
                    taken = self._take()
                    if taken is None:
                        self._threads -= 1
                    return taken
            return taken

    def _take(self) -> tuple[Hashable, Job, Future[None]] | None:
        with_room = [owner for owner in self._queues if self._room(owner)]
        if not with_room:
            return None
        owner = with_room[0]
        queue = self._queues.pop(owner)
        job, future = queue.popleft()
        if queue:
            self._queues[owner] = queue
        self._running[owner] += 1
        return owner, job, future


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


AFTER_A_FAILURE_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class Poller:
    """Calls `look` again and again, each time after the seconds that it returned, or when told to.

    Each process starts a thread for it when it first needs one.
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
        """Whether this process is polling."""
        is_mine = self._process == os.getpid()
        return is_mine and self._thread is not None and self._thread.is_alive()

    def begin(self) -> None:
        """Poll from now on."""
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
        """Stop looking, and wait at most so long for a look that is under way."""
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


LONGEST_SLEEP_SECONDS: Final = 60.0
"""Far less than any payment's time, so that no deadline is missed."""

SHORTEST_SLEEP_SECONDS: Final = 0.05
STOP_SECONDS: Final = 1.0


class Deadlines:
    """Stores payments as expired when their time is over on a clock that runs, and has `send` tell of it.

    Between two deadlines it sleeps. Several processes may watch the same deadline: storing the change is a
    compare-and-set, so one of them does it. Where nobody listens, looking at the payment is early enough.

    `context_outside` makes the context of what happens to a merchant outside of any call.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        send: Callable[[CallWebhooks], None],
        context_outside: Callable[[Merchant], Context],
    ) -> None:
        self._database = database
        self._clock = clock
        self._send = send
        self._context_outside = context_outside
        self._poller = Poller("deadlines", self._expire)

    def begin(self) -> None:
        """Poll if any merchant would be told, or replicas may know of one."""
        if are_deadlines_watched(self._database):
            self._poller.begin()

    def look_now(self) -> None:
        """Look at once, as a clock was moved or a merchant began to listen."""
        self._poller.look_now()

    def end(self) -> None:
        """Stop polling."""
        self._poller.end(STOP_SECONDS)

    def _expire(self) -> float:
        """Expire what is due; returns in how many seconds there will be more."""
        deadlines = find_deadlines(self._database)
        now = self._clock()
        for code, deadline in deadlines:
            if deadline <= now:
                self._expire_due_of(code)
        ahead = [(deadline - now).total_seconds() for _, deadline in deadlines]
        return max(SHORTEST_SLEEP_SECONDS, min([LONGEST_SLEEP_SECONDS, *ahead]))

    def _expire_due_of(self, code: str) -> None:
        try:
            merchant = find_sandbox(self._database, code)
        except SandboxNotFoundError:
            return
        context = self._context_outside(merchant)
        expire_due(context)
        self._send(context.webhooks)
