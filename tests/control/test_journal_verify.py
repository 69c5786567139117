"""What the journal is expected to hold is verified, and a refusal shows what came near."""

from typing import Any

import pytest

from tests.control.desk import Desk, SandboxDesk


def test_faults_and_headers_are_verified(struck: SandboxDesk) -> None:
    for match in ({"headers": {"idempotency-key": "press-1", "X-Terminal": "7"}}, {"fault": "lost"}):
        assert struck.done("POST", "journal/verify", match=match, count=1)["verified"] is True


def test_a_refusal_shows_how_headers_and_faults_differ(struck: SandboxDesk) -> None:
    wanted = {"headers": {"X-Terminal": "8"}, "fault": "found"}

    answer = struck.call("POST", "journal/verify", json={"match": wanted}).get_json()

    assert answer["message"] == "expected at least 1 with fault found, headers x-terminal: 8; found 0"
    assert answer["nearest"][1]["differs"] == {
        "fault": {"expected": "found", "was": ["lost"]},
        "headers": {"expected": {"x-terminal": "8"}, "was": {"x-terminal": "7"}},
    }


@pytest.mark.parametrize(
    "expected",
    [
        {"match": {"operation": "confirm", "orderId": "order_123"}, "count": 1},
        {"match": {"operation": "confirm"}},
        {"match": {"operation": "cancel"}, "count": 0},
        {"match": {"operation": "cancel"}, "atMost": 0},
        {"atLeast": 2, "atMost": 2},
        {"atLeast": 1},
    ],
)
def test_what_was_expected_is_verified(paid: SandboxDesk, expected: dict[str, Any]) -> None:
    assert paid.done("POST", "journal/verify", **expected)["verified"] is True


@pytest.mark.parametrize(
    "expected",
    [
        {"match": {"operation": "confirm"}, "count": 2},
        {"match": {"operation": "cancel"}},
        {"match": {"operation": "confirm"}, "atMost": 0},
        {"atLeast": 3},
    ],
)
def test_what_was_not_expected_is_refused(paid: SandboxDesk, expected: dict[str, Any]) -> None:
    answer = paid.call("POST", "journal/verify", json=expected)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "NOT_VERIFIED")


def test_a_refusal_shows_the_nearest_entries_and_how_they_differ(paid: SandboxDesk) -> None:
    wanted = {"operation": "confirm", "orderId": "order_124", "amount": 10000}

    answer = paid.call("POST", "journal/verify", json={"match": wanted, "count": 1}).get_json()

    assert answer["message"] == (
        "expected exactly 1 with operation confirm, orderId order_124, amount 10000; found 0"
    )
    assert [near["entry"]["operation"] for near in answer["nearest"]] == ["confirm", "create"]
    assert answer["nearest"][0]["differs"] == {"orderId": {"expected": "order_124", "was": "order_123"}}


def test_it_is_verified_under_the_name_of_the_sandbox_too(desk: Desk, paid: SandboxDesk) -> None:
    expected = {"sandbox": paid.made["id"], "match": {"operation": "confirm"}, "count": 1}

    assert desk.done("POST", "journal/verify", **expected)["found"] == 1


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"count": 1, "atLeast": 1}, "count"),
        ({"atLeast": 2, "atMost": 1}, "atLeast"),
        ({"count": -1}, "count"),
        ({"match": {"operation": "confrim"}}, "match"),
        ({"match": {"order": "x"}}, "match"),
        ({"sandbox": "x"}, "sandbox"),
    ],
)
def test_an_expectation_that_will_not_do_is_refused_by_its_field(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    assert list(desk.sandbox().refused("POST", "journal/verify", **fields)) == [field]
