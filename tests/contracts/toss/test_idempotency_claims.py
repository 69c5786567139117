"""Who has claimed an idempotency key, and who may take the claim over."""

import os
import socket
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from payments_mock.clock import system_clock
from payments_mock.http.dispatcher import dispatcher_of
from payments_mock.http.idempotency import LEASE, idempotency_scope
from payments_mock.ids import current_process
from payments_mock.storage import idempotency as store
from payments_mock.storage.sandboxes import find_merchant
from testkit.inside.database import transaction
from testkit.inside.toss_sales import check_out
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.answers import assert_refused
from tests.contracts.toss.keyed import CONFIRM, asked, statuses, with_key

GONE = f"{current_process().rsplit('/', 1)[0]}/an-earlier-start/claim"
"""A process that had this one's number before it."""

LIVING = f"{socket.gethostname()}/{os.getppid()}/token/claim"
"""Another process of this machine, which is there for as long as this one."""

ELSEWHERE = "another-machine/1/token/claim"

BESIDE = f"{current_process()}/another-application.claim"
"""Another application of this process."""


def claim(stage: Stage, key: str, owner: str, seconds_ago: float = 0) -> None:
    """Claim a key for a confirm on behalf of another process."""
    at = system_clock() - timedelta(seconds=seconds_ago)
    with stage.app.test_request_context(CONFIRM, method="POST", headers={"Idempotency-Key": key}) as asking:
        scope = idempotency_scope(asking.request, f"{stage.toss.secret_key}:")
        assert scope is not None
        with transaction() as connection:
            merchant = find_merchant(connection, "toss")
            assert merchant is not None
            store.claim(connection, merchant.id, scope, owner, stage.clock.now, at)


def test_a_key_of_a_request_in_progress_is_refused(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, LIVING)

    assert_refused(stage.post(CONFIRM, asked(begun), **with_key(key)), "IDEMPOTENT_REQUEST_PROCESSING")
    assert stage.toss.get(begun["paymentKey"]).get_json()["status"] == "IN_PROGRESS"


def test_a_key_of_a_request_to_another_application_of_this_process_is_refused(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, BESIDE)

    assert_refused(stage.post(CONFIRM, asked(begun), **with_key(key)), "IDEMPOTENT_REQUEST_PROCESSING")


def test_the_claim_of_a_process_that_is_gone_is_taken_over(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, GONE)

    first, second = (stage.post(CONFIRM, asked(begun), **with_key(key)) for _ in range(2))

    assert statuses(first, second) == [200, 200]
    assert second.data == first.data


def test_the_claim_of_another_machine_is_taken_over_when_its_time_is_up(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, ELSEWHERE, LEASE.total_seconds() - 30)
    assert_refused(stage.post(CONFIRM, asked(begun), **with_key(key)), "IDEMPOTENT_REQUEST_PROCESSING")

    later = unused("key")
    claim(stage, later, ELSEWHERE, LEASE.total_seconds() + 1)

    assert stage.post(CONFIRM, asked(begun), **with_key(later)).status_code == 200


def test_an_answer_that_came_while_a_claim_was_looked_at_is_told_again(
    stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_key = stage.paid()
    path, part = f"/v1/payments/{payment_key}/cancel", {"cancelReason": "r", "cancelAmount": 1}
    first = stage.post(path, part, **with_key(key))
    look_at_the_claim_as_it_was_before_the_answer(monkeypatch)

    second = stage.post(path, part, **with_key(key))

    assert (second.status_code, second.data) == (200, first.data)
    assert len(stage.toss.get(payment_key).get_json()["cancels"]) == 1


def test_whoever_loses_the_claim_in_the_middle_of_the_work_does_nothing(
    stage: Stage, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_key = stage.paid()
    path, part = f"/v1/payments/{payment_key}/cancel", {"cancelReason": "r", "cancelAmount": 1}
    have_every_claim_end_before_its_answer_is_kept(monkeypatch)

    answer = stage.post(path, part, **with_key(key))

    assert_refused(answer, "IDEMPOTENT_REQUEST_PROCESSING")
    assert stage.toss.get(payment_key).get_json()["cancels"] is None


def look_at_the_claim_as_it_was_before_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the next look at a claim see what it was a moment ago: another thread answers just now."""
    find = store.find

    def look(connection: Connection, scope: str) -> store.StoredAnswer | None:
        monkeypatch.setattr(store, "find", find)
        stored = find(connection, scope)
        assert stored is not None
        assert stored.status == 200
        return replace(stored, status=None, content_type=None, body=None)

    monkeypatch.setattr(store, "find", look)


def have_every_claim_end_before_its_answer_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have somebody else take a claim over while its first owner is at work."""
    finish = store.finish

    def finish_late(connection: Connection, scope: str, owner: str, *kept: Any) -> bool:
        stored = store.find(connection, scope)
        assert stored is not None
        assert store.take_over(connection, scope, stored, "somebody-else", system_clock())
        return finish(connection, scope, owner, *kept)

    monkeypatch.setattr(store, "finish", finish_late)


def test_a_claim_that_nobody_could_release_keeps_nobody_away(stage: Stage, key: str) -> None:
    begun = check_out(stage.toss)
    claim(stage, key, dispatcher_of(stage.app).claims.new_owner())

    assert stage.post(CONFIRM, asked(begun), **with_key(key)).status_code == 200
