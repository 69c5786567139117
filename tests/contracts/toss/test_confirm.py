"""Confirm, by its path of today and the older one: who may, when, and what it leads to."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.toss_merchant import query_of
from testkit.inside.toss_sales import check_out, confirm
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.answers import answered, assert_refused

CONFIRM = "/v1/payments/confirm"


def old_confirm(stage: Stage, begun: dict[str, Any], **changes: object) -> TestResponse:
    asked = {"orderId": begun["orderId"], "amount": begun["amount"]}
    return stage.post(f"/v1/payments/{begun['paymentKey']}", asked | changes)


def status(stage: Stage, begun: dict[str, Any]) -> str:
    return str(stage.toss.get(begun["paymentKey"]).get_json()["status"])


def test_the_older_confirm_refuses_as_the_new_one_does(stage: Stage) -> None:
    begun = check_out(stage.toss)

    assert_refused(old_confirm(stage, begun, amount=1), "FORBIDDEN_REQUEST")
    assert_refused(old_confirm(stage, begun, orderId="another"), "FORBIDDEN_REQUEST")
    assert_refused(old_confirm(stage, begun | {"paymentKey": "unknown"}), "NOT_FOUND_PAYMENT_SESSION")
    answered(old_confirm(stage, begun), PaymentSchema())
    assert_refused(old_confirm(stage, begun), "ALREADY_PROCESSED_PAYMENT")


def test_what_the_success_page_was_given_is_what_confirms(stage: Stage) -> None:
    redirect = query_of(check_out(stage.toss)["redirectUrl"])

    assert redirect.keys() == {"paymentType", "orderId", "paymentKey", "amount"}
    assert redirect["paymentType"] == "NORMAL"
    assert stage.post(CONFIRM, redirect).get_json()["status"] == "DONE"


@pytest.mark.parametrize("amount", [10_000.0, " 10000 "])
def test_the_amount_is_compared_by_its_value(stage: Stage, amount: object) -> None:
    assert stage.confirm(amount=amount).status_code == 200


@pytest.mark.parametrize("amount", [None, "", True, [], {}, 10_000.5, "1e4", "10,000", 10**30])
def test_what_is_no_amount_is_refused_by_its_field(stage: Stage, amount: object) -> None:
    assert "amount" in assert_refused(stage.confirm(amount=amount), "INVALID_REQUEST")


@pytest.mark.parametrize("field", ["paymentKey", "orderId", "amount"])
def test_each_of_the_three_values_is_needed(stage: Stage, field: str) -> None:
    begun = check_out(stage.toss)
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount") if name != field}

    assert field in assert_refused(stage.post(CONFIRM, asked), "INVALID_REQUEST")


@pytest.mark.parametrize("junk", ["", "\x00", "x" * 201, True, None])
def test_what_is_no_payment_key_is_refused_by_its_field(stage: Stage, junk: object) -> None:
    assert "paymentKey" in assert_refused(stage.confirm(paymentKey=junk), "INVALID_REQUEST")


@pytest.mark.parametrize("junk", ["🍔", "x" * 200, "../..", "' OR 1=1"])
def test_an_odd_payment_key_is_one_that_nobody_has(stage: Stage, junk: str) -> None:
    assert_refused(stage.confirm(paymentKey=junk), "NOT_FOUND_PAYMENT_SESSION")


def test_fields_that_nobody_knows_are_accepted(stage: Stage) -> None:
    assert stage.confirm(paymentType="NORMAL", memo={"a": 1}).status_code == 200


def test_fields_that_nobody_knows_are_accepted_inside_of_objects_too(stage: Stage) -> None:
    receipt = {"type": "소득공제", "registrationNumber": "01012345678", "memo": 1}

    assert stage.refund(stage.deposited(), memo="x").status_code == 200
    assert stage.key_in(vbv={"cavv": "c", "xid": "x", "eci": "05", "memo": 1}).status_code == 200
    assert stage.issue_account(cashReceipt=receipt, escrowProducts=[{"memo": 1}]).status_code == 200


def test_a_refused_confirm_leaves_the_payment_to_be_confirmed(stage: Stage) -> None:
    begun = check_out(stage.toss)
    assert_refused(confirm(stage.toss, begun, amount=1), "FORBIDDEN_REQUEST")

    assert confirm(stage.toss, begun).status_code == 200


def test_a_payment_that_was_canceled_in_part_or_whole_counts_as_confirmed(stage: Stage) -> None:
    begun = check_out(stage.toss)
    confirm(stage.toss, begun)

    for amount in (1, None):
        stage.toss.cancel(begun["paymentKey"], cancelAmount=amount)
        assert_refused(confirm(stage.toss, begun), "ALREADY_PROCESSED_PAYMENT")


def test_the_order_may_come_as_a_number(stage: Stage) -> None:
    order_id = 71_000_000 + int(unused("1")[2:])
    begun = check_out(stage.toss, orderId=str(order_id))

    assert confirm(stage.toss, begun, orderId=order_id).get_json()["orderId"] == str(order_id)


def test_an_order_is_paid_once(stage: Stage) -> None:
    order_id = unused("order")
    first, second = (check_out(stage.toss, orderId=order_id) for _ in range(2))

    assert confirm(stage.toss, first).status_code == 200
    assert_refused(confirm(stage.toss, second), "DUPLICATED_ORDER_ID")


def test_a_merchant_has_10_minutes_to_confirm(stage: Stage) -> None:
    in_time, late = check_out(stage.toss), check_out(stage.toss)
    stage.clock.advance(minutes=9, seconds=59)
    assert confirm(stage.toss, in_time).status_code == 200

    stage.clock.advance(seconds=1)

    assert_refused(confirm(stage.toss, late), "NOT_FOUND_PAYMENT_SESSION")
    found = stage.toss.get(late["paymentKey"]).get_json()
    assert (found["status"], found["failure"]["code"]) == ("EXPIRED", "EXPIRED_PAYMENT")


def test_an_expired_payment_frees_its_order(stage: Stage) -> None:
    expired = check_out(stage.toss)
    stage.clock.advance(minutes=10)
    again = check_out(stage.toss, orderId=expired["orderId"])

    assert confirm(stage.toss, again).status_code == 200
    assert stage.toss.get_by_order(expired["orderId"]).get_json()["paymentKey"] == again["paymentKey"]


@pytest.mark.parametrize("code", ["REJECT_CARD_COMPANY", "REJECT_CARD_PAYMENT", "FDS_ERROR"])
def test_a_confirm_that_the_issuer_refuses_aborts_the_payment(stage: Stage, code: str) -> None:
    begun = check_out(stage.toss, outcome={"decline": code})

    message = assert_refused(confirm(stage.toss, begun), code)

    found = stage.toss.get(begun["paymentKey"]).get_json()
    assert (found["status"], found["failure"]) == ("ABORTED", {"code": code, "message": message})
    assert (found["approvedAt"], found["receipt"]) == (None, None)
    assert_refused(confirm(stage.toss, begun), "ALREADY_PROCESSED_PAYMENT")


def test_a_shopper_who_closes_the_window_is_sent_away_without_an_order_id(stage: Stage) -> None:
    begun = check_out(stage.toss, outcome={"result": "close"})

    assert query_of(begun["redirectUrl"]).keys() == {"code", "message"}
    assert query_of(begun["redirectUrl"])["code"] == "PAY_PROCESS_CANCELED"
    assert status(stage, begun) == "READY"


def test_the_redirect_keeps_the_parameters_that_the_merchant_s_address_has(stage: Stage) -> None:
    begun = check_out(stage.toss, successUrl="https://shop.example.com/done?cart=7")

    assert begun["redirectUrl"].startswith("https://shop.example.com/done?cart=7&")
    assert query_of(begun["redirectUrl"])["paymentKey"] == begun["paymentKey"]
