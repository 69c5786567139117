"""One attempt at a delivery that was claimed, from its headers to its record."""

from payments_mock.clock import Clock
from payments_mock.storage import webhook_claims as store
from payments_mock.storage.database import reading, writing
from payments_mock.storage.webhook_deliveries import Attempt, Delivery
from payments_mock.webhooks.headers import webhook_headers
from payments_mock.webhooks.sender import post


def make_attempt(delivery: Delivery, clock: Clock, allowed: str) -> None:
    """Post a delivery to its URL, if that is `allowed`, and record the attempt with when the next is due.

    A sandbox that was deleted or reset meanwhile gets no record.
    """
    with reading() as connection:
        sandbox_clock = store.find_clock(connection, delivery.merchant_id)
    if sandbox_clock is None:
        return
    sent_at = clock()
    now = sandbox_clock.at(sent_at)
    outcome = post(delivery.url, delivery.body, webhook_headers(delivery, now), allowed)
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
    with writing() as connection:
        store.record(connection, delivery, attempt, standing)
