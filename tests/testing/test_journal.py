"""The verbs of the journal do what they say, over HTTP, to a real server in this process."""

import pytest

from payments_mock.testing import Sandbox
from payments_mock.testing.control_client import ControlError
from tests.testing.merchant import begin, confirm


def test_a_cleared_journal_knows_of_no_call(kiosk: Sandbox) -> None:
    begin(kiosk, "order_cleared")

    kiosk.journal.clear()

    kiosk.journal.assert_not_called("create")


def test_the_journal_counts_and_shows_what_came_near(kiosk: Sandbox) -> None:
    confirm(kiosk, begin(kiosk, "order_counted"))

    kiosk.journal.assert_called("confirm", order_id="order_counted")
    kiosk.journal.assert_not_called("cancel")
    with pytest.raises(ControlError, match=r"found 1\n  near: confirm POST /v1/payments/confirm -> 200"):
        kiosk.journal.assert_called("confirm", count=2, order_id="order_counted")


def test_the_journal_can_be_awaited(kiosk: Sandbox) -> None:
    begin(kiosk, "order_awaited")

    [entry] = kiosk.journal.wait_for("create", order_id="order_awaited")

    assert entry["stateAfter"] == "AUTHENTICATED"


def test_calls_are_found_by_headers_and_by_the_fault_that_struck(kiosk: Sandbox) -> None:
    kiosk.faults.refuse("create", "NOT_FOUND", name="refused")
    begin(kiosk, "order_headers")
    named = {"headers": {"content-type": "application/json"}, "fault": "refused"}

    assert [call["status"] for call in kiosk.journal.calls("create", **named)] == [404]
    kiosk.journal.assert_called("create", count=1, **named)
    kiosk.journal.assert_not_called("create", headers={"content-type": "text/plain"})


def test_the_newest_calls_are_summed_up_and_the_earlier_ones_counted(kiosk: Sandbox) -> None:
    assert kiosk.journal.summary() == "none"
    for number in range(4):
        begin(kiosk, f"order_{number}")

    assert kiosk.journal.summary(2) == "... 2 earlier, create order_2 -> 200, create order_3 -> 200"


def test_a_call_is_made_again(kiosk: Sandbox) -> None:
    begin(kiosk, "order_again")
    [entry] = kiosk.journal.calls("create")

    again = kiosk.journal.replay(entry["id"])

    assert (again["status"], again["replayOf"]) == (200, entry["id"])
    kiosk.journal.assert_called("create", count=2, order_id="order_again")
    with pytest.raises(ControlError, match="NOT_FOUND_ENTRY"):
        kiosk.journal.replay(again["id"] + 1)
