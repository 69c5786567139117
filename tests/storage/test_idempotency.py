"""The claims of idempotency keys: each is finished once, by its present owner."""

from datetime import UTC, datetime, timedelta

import pytest

from payments_mock.domain.sandboxes import Merchant
from payments_mock.storage import idempotency as store
from payments_mock.storage.idempotency import KeptAnswer, StoredAnswer
from testkit.inside.database import look, transaction

pytestmark = pytest.mark.every_database

NOON = datetime(2026, 11, 2, 3, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)
ANSWER = KeptAnswer(200, "application/json", "{}")


@pytest.fixture
def claimed(merchant: Merchant) -> StoredAnswer:
    """Have a key claimed by the request `first`."""
    with transaction() as connection:
        store.claim(connection, merchant.id, "scope", "first", NOON, NOON)
    return known()


def known() -> StoredAnswer:
    found = find()
    assert found is not None
    return found


def find() -> StoredAnswer | None:
    with look() as connection:
        return store.find(connection, "scope")


def take_over(stored: StoredAnswer, owner: str) -> bool:
    with transaction() as connection:
        return store.take_over(connection, "scope", stored, owner, LATER)


def finish(owner: str, answer: KeptAnswer = ANSWER) -> bool:
    try:
        with transaction() as connection:
            store.finish(connection, "scope", owner, answer, None, LookupError("somebody else's"))
    except LookupError:
        return False
    return True


def test_an_open_claim_is_taken_over(claimed: StoredAnswer) -> None:
    assert take_over(claimed, "second")

    assert (known().owner, known().leased_at) == ("second", LATER)


def test_a_finished_claim_is_never_taken_over(claimed: StoredAnswer) -> None:
    finish("first")

    assert not take_over(claimed, "second")
    assert (known().owner, known().status) == ("first", 200)


def test_of_two_who_take_a_claim_over_one_gets_it(claimed: StoredAnswer) -> None:
    assert [take_over(claimed, "second"), take_over(claimed, "third")] == [True, False]

    assert known().owner == "second"


def test_a_claim_whose_lease_was_renewed_is_not_taken_over(claimed: StoredAnswer) -> None:
    take_over(claimed, "first")

    assert not take_over(claimed, "second")


def test_whoever_lost_the_claim_finishes_nothing(claimed: StoredAnswer) -> None:
    take_over(claimed, "second")

    assert not finish("first")
    assert known().status is None


def test_a_claim_is_finished_once(claimed: StoredAnswer) -> None:
    assert finish("first")

    assert not finish("first", KeptAnswer(400, "application/json", "[]"))
    assert (known().status, known().body) == (200, "{}")


def test_a_finished_claim_is_not_released(claimed: StoredAnswer) -> None:
    finish("first")

    with transaction() as connection:
        store.release(connection, "scope", "first")

    assert known().status == 200


def test_an_open_claim_is_released_by_its_owner_alone(claimed: StoredAnswer) -> None:
    for owner, left in (("second", claimed), ("first", None)):
        with transaction() as connection:
            store.release(connection, "scope", owner)
        assert find() == left


def test_what_is_forgotten_is_what_was_seen(claimed: StoredAnswer, merchant: Merchant) -> None:
    finish("first")
    old = known()
    with transaction() as connection:
        store.forget(connection, "scope", old)
        store.claim(connection, merchant.id, "scope", "second", LATER, LATER)
        store.forget(connection, "scope", old)

    assert known().owner == "second"
