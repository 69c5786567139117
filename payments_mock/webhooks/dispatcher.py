"""Who makes the deliveries of a process: at once what its own calls caused, and whatever becomes due."""

import logging
import os
import secrets
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, wait
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from payments_mock.clock import Clock
from payments_mock.http.outgoing import LONGEST_HOLD_SECONDS
from payments_mock.process_identity import current_process, is_gone
from payments_mock.services.context import Claim
from payments_mock.storage import webhook_claims as store
from payments_mock.storage.database import has_replicas, reading, writing
from payments_mock.storage.webhook_deliveries import Delivery
from payments_mock.webhooks.attempts import make_attempt
from payments_mock.webhooks.pool import DaemonPool, when_all
from payments_mock.webhooks.watch import Watch

LEASE: Final = timedelta(seconds=60)
"""How long a claim of a process that can't be asked keeps others away; an attempt takes far less."""

LOOK_SECONDS: Final = 1.0
"""How often a process looks for what others left behind; it knows its own work in time."""

SHORTEST_SLEEP_SECONDS: Final = 0.01
DRAIN_LOOK_SECONDS: Final = 0.02
BATCH: Final = 64
TURN_LOOK_SECONDS: Final = 0.01
LONGEST_TURN_SECONDS: Final = 12.0
"""How long a webhook waits for one before it, which may take ten seconds to fail."""

STOP_SECONDS: Final = 1.0
"""How long a process that ends waits for attempts that are being made."""

_log = logging.getLogger(__name__)


class Dispatcher:
    """Makes deliveries in threads of its own, which each process starts when it first needs them.

    Deliveries of one payment to one URL are made one after another, in the order of their events.
    """

    def __init__(self, app: Flask, clock: Clock, allowed: str) -> None:
        self._app = app
        self.clock = clock
        self.allowed = allowed
        self._pools: dict[int, DaemonPool] = {}
        self._watch = Watch("webhooks due", self._look)

    @property
    def _pool(self) -> DaemonPool:
        """The threads of this process; those of the one that it was forked from are not there."""
        process = os.getpid()
        return self._pools.get(process) or self._pools.setdefault(process, DaemonPool())

    def begin(self) -> None:
        """Look after what an earlier process left, if anything, and after what replicas may leave."""
        with self._app.app_context(), reading() as connection:
            is_needed = has_replicas(connection) or store.has_open(connection)
        if is_needed:
            self._watch.begin()

    def look_now(self) -> None:
        """Look at once, as there may be a delivery that becomes due sooner than others."""
        self._watch.look_now()

    def stop(self) -> None:
        """Look no more, and let attempts that are being made end and be recorded, if they do soon."""
        if self._watch.is_on:
            self._watch.end(STOP_SECONDS)
            self._pool.stop(STOP_SECONDS)

    def new_claim(self) -> Claim:
        """Return a claim of this process, under which deliveries are stored that `deliver` makes."""
        self._watch.begin()
        return Claim(f"{current_process()}/{secrets.token_hex(4)}", self.clock() + LEASE)

    def deliver(self, holder: str) -> Future[None]:
        """Make the deliveries of a claim of this process; the future ends with them."""
        done: Future[None] = Future()
        self._pool.submit(partial(self._deliver_claimed, holder, done))
        return done

    def deliver_due(self, merchant_id: int) -> Future[None]:
        """Make all deliveries of a merchant that are due, and those that become due by that."""
        self._watch.look_now()
        done: Future[None] = Future()
        Thread(target=self._drain, args=(merchant_id, done), name="webhooks drain", daemon=True).start()
        return done

    def _deliver_claimed(self, holder: str, done: Future[None]) -> None:
        parts: Sequence[Future[None]] = ()
        try:
            with self._app.app_context(), reading() as connection:
                parts = self._submit(store.find_claimed(connection, holder))
        finally:
            when_all(parts, done)

    def _submit(self, claimed: Iterable[Delivery]) -> list[Future[None]]:
        lanes: dict[tuple[str, str | None], list[Delivery]] = {}
        for delivery in claimed:
            lanes.setdefault((delivery.url, delivery.payment_key), []).append(delivery)
        return [self._pool.submit(partial(self._deliver_in_order, lane)) for lane in lanes.values()]

    def _deliver_in_order(self, lane: Sequence[Delivery]) -> None:
        try:
            self._await_turn(lane[0])
            for place, delivery in enumerate(lane):
                with self._app.app_context():
                    if place == 0 or self._renew(delivery):
                        make_attempt(delivery, self.clock, self.allowed)
        except SQLAlchemyError as error:
            _log.warning("a webhook is delivered later: %s", error.__class__.__name__)

    def _await_turn(self, delivery: Delivery) -> None:
        """Wait for what other calls have to say about the payment first, unless that takes too long."""
        deadline = time.monotonic() + LONGEST_TURN_SECONDS
        while delivery.attempts == 0 and time.monotonic() < deadline:
            with self._app.app_context(), reading() as connection:
                if not store.is_preceded(connection, delivery):
                    return
            time.sleep(TURN_LOOK_SECONDS)

    def _renew(self, delivery: Delivery) -> bool:
        with writing() as connection:
            return store.renew(connection, delivery, self.clock() + LEASE)

    def _drain(self, merchant_id: int, done: Future[None]) -> None:
        deadline = time.monotonic() + LONGEST_HOLD_SECONDS
        try:
            while time.monotonic() < deadline:
                claimed = self._claim_due(merchant_id)
                wait(self._submit(claimed))
                if not claimed:
                    if not self._is_anything_due(merchant_id):
                        break
                    # Somebody else is at it.
                    time.sleep(DRAIN_LOOK_SECONDS)
        except SQLAlchemyError as error:
            _log.warning("webhooks are delivered later: %s", error.__class__.__name__)
        finally:
            done.set_result(None)

    def _is_anything_due(self, merchant_id: int) -> bool:
        with self._app.app_context(), reading() as connection:
            now = self.clock()
            return bool(store.find_due(connection, now, 1, merchant_id=merchant_id, with_claimed=True))

    def _claim_due(self, merchant_id: int | None = None) -> list[Delivery]:
        now = self.clock()
        with self._app.app_context():
            with reading() as connection:
                found = store.find_due(connection, now, 1, merchant_id=merchant_id)
            if not found:
                return []
            claim = self.new_claim()
            with writing() as connection:
                return store.claim_due(connection, now, claim.holder, claim.until, BATCH, merchant_id)

    def _look(self) -> float:
        """Make what is due; returns in how many seconds to look again."""
        self._take_over_from_the_gone()
        self._submit(self._claim_due())
        with self._app.app_context(), reading() as connection:
            next_due = store.next_due(connection)
        if next_due is None:
            return LOOK_SECONDS
        ahead = (next_due - self.clock()).total_seconds()
        return max(SHORTEST_SLEEP_SECONDS, min(LOOK_SECONDS, ahead))

    def _take_over_from_the_gone(self) -> None:
        with self._app.app_context():
            with reading() as connection:
                holders = store.claim_holders(connection)
            gone = [holder for holder in holders if is_gone(holder.rpartition("/")[0])]
            for holder in gone:
                with writing() as connection:
                    store.give_up_claims(connection, holder)
