"""Cancels: whole, in part and again, and the amounts after each."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments_mock.api.payment_schema import PaymentSchema
from testkit.depth import depth
from testkit.inside.toss_sales import cancel, check_out, pay
from testkit.inside.toss_stage import Stage
from tests.contracts.toss.answers import answered, assert_refused


def amounts(payment: dict[str, Any]) -> tuple[int, ...]:
    names = ("totalAmount", "balanceAmount", "suppliedAmount", "vat", "taxFreeAmount")
    return tuple(payment[name] for name in names)


def test_a_whole_cancel_gives_everything_back(stage: Stage) -> None:
    paid = pay(stage.toss)

    shown = answered(stage.toss.cancel(paid["paymentKey"]), PaymentSchema())

    assert (shown["status"], amounts(shown)) == ("CANCELED", (10_000, 0, 0, 0, 0))
    assert shown["lastTransactionKey"] == shown["cancels"][0]["transactionKey"] != paid["lastTransactionKey"]


def test_a_cancel_is_told_with_all_its_fields(stage: Stage) -> None:
    paid = pay(stage.toss)

    shown = stage.toss.cancel(paid["paymentKey"], cancelAmount=4_000).get_json()["cancels"]

    assert shown[0].pop("transactionKey")
    assert shown[0].pop("canceledAt").endswith("+09:00")
    assert shown == [
        {
            "cancelReason": "고객 변심",
            "cancelAmount": 4_000,
            "refundableAmount": 6_000,
            "taxFreeAmount": 0,
            "taxExemptionAmount": 0,
            "cardDiscountAmount": 0,
            "transferDiscountAmount": 0,
            "easyPayDiscountAmount": 0,
            "receiptKey": None,
            "cancelStatus": "DONE",
            "cancelRequestId": None,
        }
    ]


def test_parts_that_use_the_balance_up_leave_nothing_more_to_cancel(stage: Stage) -> None:
    paid = pay(stage.toss)
    cancel(stage.toss, paid, 4_000)

    last = cancel(stage.toss, paid, 6_000)

    assert (last["status"], amounts(last)) == ("PARTIAL_CANCELED", (10_000, 0, 0, 0, 0))
    assert_refused(stage.toss.cancel(paid["paymentKey"]), "NOT_CANCELABLE_AMOUNT")
    assert_refused(stage.toss.cancel(paid["paymentKey"], cancelAmount=1), "NOT_CANCELABLE_AMOUNT")


def test_a_cancel_without_an_amount_takes_what_is_left(stage: Stage) -> None:
    paid = pay(stage.toss)
    cancel(stage.toss, paid, 1)

    last = cancel(stage.toss, paid)

    assert (last["cancels"][-1]["cancelAmount"], last["status"]) == (9_999, "CANCELED")


def test_the_first_cancel_of_the_whole_amount_is_a_whole_one(stage: Stage) -> None:
    assert cancel(stage.toss, pay(stage.toss), 10_000)["status"] == "CANCELED"


def test_more_than_is_left_is_not_canceled(stage: Stage) -> None:
    paid = pay(stage.toss)
    cancel(stage.toss, paid, 6_000)

    assert "4000" in assert_refused(
        stage.toss.cancel(paid["paymentKey"], cancelAmount=4_001), "NOT_CANCELABLE_AMOUNT"
    )
    assert len(stage.toss.get(paid["paymentKey"]).get_json()["cancels"]) == 1


def test_the_balance_that_the_merchant_believes_in_must_be_the_balance(stage: Stage) -> None:
    paid = pay(stage.toss)
    cancel(stage.toss, paid, 1_000)

    assert_refused(
        stage.toss.cancel(paid["paymentKey"], cancelAmount=1, refundableAmount=10_000),
        "NOT_MATCHES_REFUNDABLE_AMOUNT",
    )
    assert stage.toss.cancel(paid["paymentKey"], cancelAmount=1, refundableAmount=9_000).status_code == 200


@pytest.mark.parametrize("amount", ["4000", 4_000.0])
def test_the_amount_may_come_as_text(stage: Stage, amount: object) -> None:
    assert stage.toss.cancel(stage.paid(), cancelAmount=amount).get_json()["balanceAmount"] == 6_000


@pytest.mark.parametrize("name", ["cancelAmount", "taxFreeAmount", "refundableAmount", "currency"])
def test_null_counts_as_absent(stage: Stage, name: str) -> None:
    shown = stage.toss.cancel(stage.paid(), **{name: None})

    assert (shown.status_code, shown.get_json()["status"]) == (200, "CANCELED")


@pytest.mark.parametrize("reason", [None, "", "이" * 201, "\x00", True, ["why"]])
def test_a_reason_of_200_characters_at_most_is_needed(stage: Stage, reason: object) -> None:
    payment_key = stage.paid()

    assert "cancelReason" in assert_refused(
        stage.toss.cancel(payment_key, cancelReason=reason), "INVALID_REQUEST"
    )
    assert stage.toss.cancel(payment_key, cancelReason="이" * 200).status_code == 200


@pytest.mark.parametrize("outcome", [{"result": "wait"}, {"result": "fail", "code": "PAY_PROCESS_ABORTED"}])
def test_what_is_not_paid_is_not_canceled(stage: Stage, outcome: dict[str, str]) -> None:
    begun = check_out(stage.toss, outcome=outcome)

    assert_refused(stage.toss.cancel(begun["paymentKey"]), "NOT_CANCELABLE_PAYMENT")


def test_an_expired_payment_is_not_canceled(stage: Stage) -> None:
    begun = check_out(stage.toss)
    stage.clock.advance(minutes=10)

    assert_refused(stage.toss.cancel(begun["paymentKey"]), "NOT_CANCELABLE_PAYMENT")


def test_a_canceled_order_is_not_paid_again(stage: Stage) -> None:
    paid = pay(stage.toss)
    cancel(stage.toss, paid)

    answer = stage.checkout(orderId=paid["orderId"])

    assert (answer.status_code, answer.get_json()["code"]) == (400, "DUPLICATED_ORDER_ID")


def test_the_untaxed_part_is_given_back_as_the_merchant_says(stage: Stage) -> None:
    paid = pay(stage.toss, amount=11_000, taxFreeAmount=5_500)
    assert amounts(paid) == (11_000, 11_000, 5_000, 500, 5_500)

    shown = stage.toss.cancel(paid["paymentKey"], cancelAmount=3_000, taxFreeAmount=2_000).get_json()

    assert amounts(shown) == (11_000, 8_000, 4_091, 409, 3_500)
    assert shown["cancels"][0]["taxFreeAmount"] == 2_000


def test_more_of_the_untaxed_part_than_is_left_is_not_given_back(stage: Stage) -> None:
    paid = pay(stage.toss, amount=11_000, taxFreeAmount=1_000)

    assert_refused(
        stage.toss.cancel(paid["paymentKey"], cancelAmount=3_000, taxFreeAmount=1_001),
        "NOT_CANCELABLE_AMOUNT",
    )


def split_of(balance: int, tax_free: int) -> tuple[int, int, int]:
    """Divide a balance as the public reference does: an eleventh of the taxed part, rounded half up."""
    vat = ((balance - tax_free) * 2 + 11) // 22
    return balance - tax_free - vat, vat, tax_free


@settings(max_examples=depth(25, 10), deadline=None)
@given(data=st.data())
def test_the_amounts_are_right_after_any_series_of_parts(stage: Stage, data: st.DataObject) -> None:
    total = data.draw(st.integers(100, 10_000_000))
    tax_free = data.draw(st.integers(0, total))
    shown = pay(stage.toss, amount=total, taxFreeAmount=tax_free)
    balance = total
    for part in data.draw(st.lists(st.integers(1, total), max_size=5)):
        if part > balance:
            assert_refused(
                stage.toss.cancel(shown["paymentKey"], cancelAmount=part),
                "ALREADY_CANCELED_PAYMENT" if shown["status"] == "CANCELED" else "NOT_CANCELABLE_AMOUNT",
            )
            continue
        shown = cancel(stage.toss, shown, part)
        balance -= part
        tax_free = min(tax_free, balance)

        assert amounts(shown) == (total, balance, *split_of(balance, tax_free))
        assert shown["cancels"][-1]["refundableAmount"] == balance
        assert balance == total - sum(cancel["cancelAmount"] for cancel in shown["cancels"])
