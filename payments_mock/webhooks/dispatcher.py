"""Make the deliveries that are due, in fair turns among sandboxes."""

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from payments_mock.api.wire import LONGEST_HOLD_SECONDS
from payments_mock.clock import Clock
from payments_mock.ids import current_process, is_gone
from payments_mock.services.context import Claim
from payments_mock.services.webhooks import outbox
from payments_mock.storage.engine.database import Database
from payments_mock.storage.webhooks.deliveries import Attempt, Delivery
from payments_mock.webhooks.pool import FairPool, Poller, when_all
from payments_mock.webhooks.sender import post, webhook_headers

CountAttempt = Callable[[str, int | None], None]
"""Counts an attempt at an event, by the status that was answered in time."""


def make_attempt(
    database: Database,
    delivery: Delivery,
    clock: Clock,
    allowed: str,
    count_attempt: CountAttempt | None = None,
) -> None:
    """Post a delivery to its URL, if that is `allowed`, and record the attempt with when the next is due.

    A sandbox that was deleted or reset meanwhile gets no record.
    """
    sandbox_clock = outbox.find_clock(database, delivery)
    if sandbox_clock is None:
        return
    sent_at = clock()
    now = sandbox_clock.at(sent_at)
    outcome = post(delivery.url, delivery.body, webhook_headers(delivery, now), allowed)
    if count_attempt is not None:
        count_attempt(delivery.event, outcome.taken_status)
    attempt = Attempt(
        number=delivery.attempts + 1,
        at=now,
        sent_at=sent_at,
        milliseconds=outcome.milliseconds,
        headers=outcome.headers,
        status=outcome.status,
        answer_headers=outcome.answer_headers,
        answer_body=outcome.answer_body,
        error=outcome.error,
    )
    standing = delivery.standing.after(outcome.taken_status, by_hand=delivery.by_hand)
    outbox.record_attempt(database, delivery, attempt, standing)


LEASE: Final = timedelta(seconds=60)
"""How long a claim lasts whose process can't be asked whether it lives; an attempt takes far less."""

LOOK_SECONDS: Final = 1.0
"""How often a process looks for deliveries that others left; it knows its own."""

FRESH: Final = timedelta(seconds=1)
"""How long a claim is trusted without another check."""

OUTBOX: Final = "outbox"
"""The owner of the jobs that read the outbox, which is quick, and wait for no merchant."""

SHORTEST_SLEEP_SECONDS: Final = 0.01
BATCH: Final = 64
FIRST_PAUSE_SECONDS: Final = 0.01
LONGEST_PAUSE_SECONDS: Final = 0.2
"""The pauses between looks at another process's work grow up to this."""

LONGEST_TURN_SECONDS: Final = 12.0
"""How long a webhook waits for one before it, which may take ten seconds to fail."""

STOP_SECONDS: Final = 1.0
"""How long a process that ends waits for attempts that are being made."""

_log = logging.getLogger(__name__)


class WebhookDispatcher:
    """Makes deliveries in threads of its own, which each process starts when it first needs them.

    Deliveries of one payment to one URL are made one after another, in the order of their events. Those of
    one sandbox never wait for another's, and those that an answer is held for wait for none that goes behind
    its answer.
    """

    def __init__(
        self, database: Database, clock: Clock, allowed: str, count_attempt: CountAttempt | None = None
    ) -> None:
        self.database = database
        self.clock = clock
        self.allowed = allowed
        self._count_attempt = count_attempt
        self._pools: dict[int, FairPool] = {}
        self._crowded: set[int] = set()
        self._poller = Poller("webhooks due", self._look)

    @property
    def _pool(self) -> FairPool:
        """The threads of this process, as a fork does not inherit its parent's."""
        process = os.getpid()
        return self._pools.get(process) or self._pools.setdefault(process, FairPool())

    def begin(self) -> None:
        """Deliver what an earlier process left, if anything, and what replicas may leave."""
        if outbox.are_any_left(self.database):
            self._poller.begin()

    def look_now(self) -> None:
        """Look at once, as there may be a delivery that becomes due sooner than others."""
        self._poller.look_now()

    def stop(self) -> None:
        """Stop looking, and give the attempts under way a little time to end and be recorded."""
        if self._poller.is_on:
            self._poller.end(STOP_SECONDS)
            self._pool.stop(STOP_SECONDS)

    def new_claim(self) -> Claim:
        """Return a claim of this process, under which deliveries are stored that `deliver` makes."""
        self._poller.begin()
        return Claim(f"{current_process()}/{secrets.token_hex(4)}", self.clock() + LEASE)

    def deliver(self, holder: str, *, is_held: bool = False) -> Future[None]:
        """Make the deliveries of a claim of this process; the future ends with them.

        `is_held` says that an answer is held for them.
        """
        done: Future[None] = Future()
        self._pool.submit(OUTBOX, partial(self._deliver_claimed, holder, is_held, done))
        return done

    def deliver_due(self, merchant_id: int) -> Future[None]:
        """Make all deliveries of a merchant that are due, and those that become due by that."""
        self._poller.look_now()
        done: Future[None] = Future()
        Thread(target=self._drain, args=(merchant_id, done), name="webhooks drain", daemon=True).start()
        return done

    def _deliver_claimed(self, holder: str, is_held: bool, done: Future[None]) -> None:
        parts: Sequence[Future[None]] = ()
        try:
            parts = self._submit(outbox.find_claimed(self.database, holder), is_held)
        finally:
            when_all(parts, done)

    def _submit(self, claimed: Iterable[Delivery], is_held: bool) -> list[Future[None]]:
        lanes: dict[tuple[int, str, str | None], list[Delivery]] = {}
        for delivery in claimed:
            lane = (delivery.merchant_id, delivery.url, delivery.payment_key)
            lanes.setdefault(lane, []).append(delivery)
        return [
            self._pool.submit((merchant_id, is_held), partial(self._deliver_in_order, lane))
            for (merchant_id, *_), lane in lanes.items()
        ]

    def _deliver_in_order(self, lane: Sequence[Delivery]) -> None:
        try:
            self._await_turn(lane[0])
            for delivery in lane:
                if self._is_still_ours(delivery):
                    make_attempt(self.database, delivery, self.clock, self.allowed, self._count_attempt)
        except SQLAlchemyError as error:
            _log.warning("a webhook is delivered later: %s", error.__class__.__name__)

    def _await_turn(self, delivery: Delivery) -> None:
        """Wait for earlier events of the payment, unless that takes too long."""
        if delivery.payment_key is None or delivery.attempts > 0:
            return
        pauses = _pauses()
        deadline = time.monotonic() + LONGEST_TURN_SECONDS
        while time.monotonic() < deadline:
            if not outbox.is_preceded(self.database, delivery):
                return
            time.sleep(next(pauses))

    def _is_still_ours(self, delivery: Delivery) -> bool:
        """Tell whether a claim still holds, and renew it if the attempt had to wait."""
        now = self.clock()
        if delivery.claimed_until is not None and delivery.claimed_until > now + LEASE - FRESH:
            return True
        return outbox.renew_claim(self.database, delivery, now + LEASE)

    def _drain(self, merchant_id: int, done: Future[None]) -> None:
        deadline = time.monotonic() + LONGEST_HOLD_SECONDS
        pauses = _pauses()
        try:
            while time.monotonic() < deadline:
                claimed = self._claim_due(merchant_id)
                wait(self._submit(claimed, is_held=True))
                if not claimed:
                    if not outbox.is_anything_due(self.database, merchant_id, self.clock()):
                        break
                    # Another process is delivering it.
                    time.sleep(next(pauses))
        except SQLAlchemyError as error:
            _log.warning("webhooks are delivered later: %s", error.__class__.__name__)
        finally:
            done.set_result(None)

    def _claim_due(self, merchant_id: int) -> list[Delivery]:
        return outbox.claim_due(self.database, merchant_id, self.clock(), self.new_claim, BATCH)

    def _look(self) -> float:
        """Make what is due; returns in how many seconds to look again."""
        outbox.give_up_claims(self.database, _is_of_the_gone)
        merchants = outbox.find_due_merchants(self.database, self.clock())
        # What can't be made yet is left for other processes, and looked for again when there is room.
        self._crowded = {one for one in merchants if self._pool.is_full((one, False))}
        for merchant_id in merchants:
            if merchant_id not in self._crowded:
                for part in self._submit(self._claim_due(merchant_id), is_held=False):
                    part.add_done_callback(partial(self._look_for_more, merchant_id))
        next_due = outbox.next_due(self.database, self._crowded)
        if next_due is None:
            return LOOK_SECONDS
        ahead = (next_due - self.clock()).total_seconds()
        return max(SHORTEST_SLEEP_SECONDS, min(LOOK_SECONDS, ahead))

    def _look_for_more(self, merchant_id: int, _part: Future[None]) -> None:
        if merchant_id in self._crowded and not self._pool.is_full((merchant_id, False)):
            self._crowded.discard(merchant_id)
            self._poller.look_now()


def _is_of_the_gone(holder: str) -> bool:
    """Tell whether the process that holds a claim is gone."""
    return is_gone(holder.rpartition("/")[0])


def _pauses() -> Iterator[float]:
    """Yield how long to wait between looks at what another process does."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
