"""The journal finds entries by what they were about, and keeps no more than it is to, in number and bytes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import JournalLane
from payments_mock.storage import journal as store
from payments_mock.storage.journal import JournalEntry, JournalFilter
from payments_mock.storage.journal_writing import LARGEST_JOURNAL_BYTES, add_all, clear, prune
from testkit.inside.database import look, transaction

pytestmark = [pytest.mark.every_database, pytest.mark.usefixtures("database")]

MEGABYTE = 1024 * 1024


def entry(
    faults: tuple[str, ...] = (), headers: dict[str, str] | None = None, body: str = "", **fields: Any
) -> JournalEntry:
    values: dict[str, Any] = {
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "received_at": datetime(2026, 1, 1, tzinfo=UTC),
        "milliseconds": 1,
        "operation": "confirm",
        "method": "POST",
        "path": "/v1/payments/confirm",
        "payment_key": "pay_1",
        "order_id": "order_1",
        "amount": 1000,
        "status": 200,
        "code": None,
        "state_before": None,
        "state_after": None,
        "details": {
            "requestHeaders": headers or {},
            "requestBody": body,
            "responseHeaders": {},
            "responseBody": "",
            "faults": list(faults),
        },
    }
    return JournalEntry(**values | fields)


def add(merchant: Merchant, *entries: JournalEntry) -> None:
    with transaction() as connection:
        add_all(connection, [(merchant.id, one) for one in entries])


def found(merchant: Merchant, limit: int = 1000, **wanted: Any) -> list[JournalEntry]:
    with look() as connection:
        return store.find(connection, merchant.id, JournalFilter(**wanted), limit)


def counted(merchant: Merchant, **wanted: Any) -> int:
    with look() as connection:
        return store.count(connection, merchant.id, JournalFilter(**wanted))


ODD = {
    "operation": "cancel",
    "method": "GET",
    "payment_key": "pay_2",
    "order_id": "order_2",
    "amount": 2000,
    "status": 404,
    "code": "NOT_FOUND",
}


@pytest.mark.parametrize("name", ODD)
def test_an_entry_is_found_and_counted_by_what_it_was_about(merchant: Merchant, name: str) -> None:
    add(merchant, entry(), entry(**{name: ODD[name]}), entry())
    add(merchant, entry())

    assert [getattr(one, name) for one in found(merchant, **{name: ODD[name]})] == [ODD[name]]
    assert counted(merchant, **{name: ODD[name]}) == 1


def test_an_entry_is_found_by_a_fault_that_struck(merchant: Merchant) -> None:
    add(merchant, entry(), entry(faults=("slow", "lost")), entry(faults=("slower",)))

    assert [one.faults for one in found(merchant, fault="lost")] == [["slow", "lost"]]
    assert counted(merchant, fault="slow") == 1


@pytest.mark.parametrize("value", ["press-1", 'press "1"', "50%_", "눌림", "a/b\\c"])
def test_an_entry_is_found_by_a_header(merchant: Merchant, value: str) -> None:
    add(merchant, entry(), entry(headers={"Idempotency-Key": value}), entry(headers={"Other": value}))

    assert counted(merchant, headers={"idempotency-key": value}) == 1
    assert counted(merchant, headers={"idempotency-key": "x"}) == 0


def test_the_value_of_a_header_is_compared_to_the_letter(merchant: Merchant) -> None:
    add(merchant, entry(headers={"Idempotency-Key": "PRESS"}))

    assert counted(merchant, headers={"idempotency-key": "press"}) == 0


def test_the_first_are_found_and_those_behind_one(merchant: Merchant) -> None:
    add(merchant, *(entry(amount=amount) for amount in range(5)))
    first = found(merchant, limit=2)

    assert [one.amount for one in first] == [0, 1]
    assert [one.amount for one in found(merchant, after_id=first[-1].id)] == [2, 3, 4]


def test_the_newest_are_found_the_oldest_of_them_first(merchant: Merchant) -> None:
    add(merchant, *(entry(amount=amount) for amount in range(5)))

    with look() as connection:
        newest = store.find_newest(connection, merchant.id, after_id=0, most=2)

    assert [one.amount for one in newest] == [3, 4]


def test_nobody_finds_what_another_was_asked(merchant: Merchant, other_merchant: Merchant) -> None:
    add(merchant, entry())

    assert counted(other_merchant) == 0


def test_what_is_cleared_is_counted_no_more(merchant: Merchant) -> None:
    add(merchant, entry(), entry())
    with transaction() as connection:
        removed = clear(connection, merchant.id)

    assert (removed, counted(merchant), found(merchant)) == (2, 0, [])


def test_the_oldest_are_removed_when_there_are_more_than_are_kept(merchant: Merchant) -> None:
    for amount in range(5):
        add(merchant, entry(amount=amount))
    with transaction() as connection:
        prune(connection, merchant.id, kept=2)

    assert [one.amount for one in found(merchant)] == [3, 4]
    assert counted(merchant) == 2


def test_the_oldest_are_removed_when_they_take_more_than_a_journal_may(merchant: Merchant) -> None:
    rows = LARGEST_JOURNAL_BYTES // (8 * MEGABYTE) + 3
    for amount in range(rows):
        add(merchant, entry(amount=amount, body="x" * (8 * MEGABYTE)))
    with transaction() as connection:
        prune(connection, merchant.id, kept=10_000)

    left = found(merchant)
    assert [one.amount for one in left] == list(range(3, rows))
    assert sum(len(one.details["requestBody"]) for one in left) <= LARGEST_JOURNAL_BYTES


def act(**fields: Any) -> JournalEntry:
    """Make an entry of what a shopper's browser did."""
    made = entry(operation="open-window", **fields)
    made.details = {**made.details, "lane": JournalLane.SHOPPER}
    return made


def test_what_browsers_did_is_found_in_its_lane_alone(merchant: Merchant) -> None:
    add(merchant, entry(), act(order_id="order_2"), entry(), act(order_id="order_2"))

    assert [one.operation for one in found(merchant)] == ["confirm", "confirm"]
    assert [one.operation for one in found(merchant, lane=JournalLane.SHOPPER)] == ["open-window"] * 2
    both = found(merchant, lane=None)
    assert [one.operation for one in both] == ["confirm", "open-window"] * 2
    assert [one.id for one in both] == sorted(one.id for one in both)
    assert [one.id for one in found(merchant, lane=None, limit=3)] == [one.id for one in both[:3]]


def test_what_browsers_did_is_counted_in_its_lane_alone(merchant: Merchant) -> None:
    add(merchant, entry(), act(), act())

    counts = [counted(merchant, lane=lane) for lane in (JournalLane.MERCHANT, JournalLane.SHOPPER, None)]
    assert counts == [1, 2, 3]
    assert counted(merchant, lane=None, order_id="order_2") == 0


def test_what_browsers_did_goes_with_the_calls(merchant: Merchant) -> None:
    add(merchant, entry(), act())
    add(merchant, act())

    with transaction() as connection:
        prune(connection, merchant.id, kept=1)
    assert counted(merchant, lane=None) == 1
    with transaction() as connection:
        assert clear(connection, merchant.id) == 0
    assert counted(merchant, lane=None) == 0
