"""Look-ups by payment key and by order, before and after there is money."""

import pytest

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.toss_sales import check_out, confirm
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.answers import answered, assert_refused


def test_both_look_ups_answer_what_the_confirm_answered(stage: Stage) -> None:
    begun = check_out(stage.toss)
    confirmed = answered(confirm(stage.toss, begun), PaymentSchema())

    assert answered(stage.toss.get(begun["paymentKey"]), PaymentSchema()) == confirmed
    assert answered(stage.toss.get_by_order(begun["orderId"]), PaymentSchema()) == confirmed


@pytest.mark.parametrize(
    ("outcome", "status"),
    [({"result": "wait"}, "READY"), ({"result": "authenticate"}, "IN_PROGRESS")],
)
def test_its_own_merchant_finds_a_payment_before_the_confirm(
    stage: Stage, outcome: dict[str, str], status: str
) -> None:
    begun = check_out(stage.toss, outcome=outcome)

    shown = answered(stage.toss.get(begun["paymentKey"]), PaymentSchema())

    assert (shown["status"], shown["approvedAt"], shown["lastTransactionKey"]) == (status, None, None)
    assert (shown["balanceAmount"], shown["suppliedAmount"], shown["vat"]) == (10_000, 9_091, 909)


def test_an_order_leads_to_its_newest_payment_until_one_is_paid(stage: Stage) -> None:
    order_id = unused("order")
    first, second = (check_out(stage.toss, orderId=order_id) for _ in range(2))
    assert stage.toss.get_by_order(order_id).get_json()["paymentKey"] == second["paymentKey"]

    confirm(stage.toss, first)

    assert stage.toss.get_by_order(order_id).get_json()["paymentKey"] == first["paymentKey"]


@pytest.mark.parametrize("junk", ["unknown", "%F0%9F%8D%94", "x" * 4000, "%2e%2e", "' OR 1=1"])
def test_what_nobody_has_is_not_found(stage: Stage, junk: str) -> None:
    assert_refused(stage.toss.call("GET", f"/v1/payments/{junk}"), "NOT_FOUND_PAYMENT")
    assert_refused(stage.toss.call("GET", f"/v1/payments/orders/{junk}"), "NOT_FOUND_PAYMENT")


def test_a_path_that_no_database_can_compare_leads_nowhere(stage: Stage) -> None:
    assert_refused(stage.toss.call("GET", "/v1/payments/%00"), "NOT_FOUND")
    assert_refused(stage.toss.call("GET", "/v1/payments/orders/%00"), "NOT_FOUND")


def test_a_look_up_changes_nothing(stage: Stage) -> None:
    payment_key = stage.paid()

    answers = [stage.toss.get(payment_key) for _ in range(3)]

    assert len({answer.data for answer in answers}) == 1


def test_a_head_request_is_answered_as_a_look_up_without_a_body(stage: Stage) -> None:
    answer = stage.toss.call("HEAD", f"/v1/payments/{stage.paid()}")

    assert (answer.status_code, answer.data) == (200, b"")
