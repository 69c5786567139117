"""What a cancel leaves of a cash receipt, and which receipts come with a payment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from payments_mock.domain.errors import QueryLimitError
from payments_mock.domain.payments.instruments import (
    CashReceiptKind,
    Instruments,
    RequestedCashReceipt,
    Transfer,
)
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.receipts import (
    CashReceipt,
    CashReceiptAmountError,
    CashReceiptCanceledError,
    CashReceiptInfoError,
    IssueStatus,
    ReceiptStep,
    cancel_receipt,
    cancel_receipt_keys,
    cancels_of_receipt,
    check_identity_number,
    check_row_limit,
    receipt_of_payment,
)
from testkit.inside.payments import NOON, approved, canceled, make_payment

RECEIPT = CashReceipt(
    merchant_id=1,
    receipt_key="receipt-key",
    order_id="order_123",
    order_name="아메리카노",
    kind=CashReceiptKind.INCOME_DEDUCTION,
    identity_number="01012345678",
    issue_number="000000001",
    step=ReceiptStep.CONFIRM,
    amount=10_000,
    tax_free_amount=3_000,
    requested_at=NOON,
    balance_amount=10_000,
    tax_free_balance=3_000,
)
WISH = RequestedCashReceipt(CashReceiptKind.EXPENSE_PROOF, "1234567891", "receipt-key", "999999999")
TRANSFER = make_payment(
    method=Method.TRANSFER, instruments=Instruments(transfer=Transfer("20"), cash_receipt=WISH)
)


def canceled_part(receipt: CashReceipt, amount: int | None) -> tuple[CashReceipt, CashReceipt]:
    return cancel_receipt(receipt, amount, NOON + timedelta(hours=1), "000000002")


def test_a_cancel_leaves_the_rest() -> None:
    left, told = canceled_part(RECEIPT, 4_000)

    assert (left.balance_amount, left.tax_free_balance, left.holds_order) == (6_000, 3_000, True)
    assert (told.step, told.amount, told.tax_free_amount) == (ReceiptStep.CANCEL, 4_000, 0)


def test_the_taxed_part_is_given_back_first() -> None:
    left, told = canceled_part(RECEIPT, 8_000)

    assert (left.tax_free_balance, told.tax_free_amount) == (2_000, 1_000)


def test_a_cancel_of_the_whole_frees_the_order() -> None:
    left, told = canceled_part(RECEIPT, None)

    assert not left.holds_order
    assert not told.holds_order


def test_each_cancel_has_a_key_of_its_own() -> None:
    left, first = canceled_part(RECEIPT, 4_000)
    _, second = canceled_part(left, 4_000)

    assert [first.receipt_key, second.receipt_key] == ["c_receipt-key", "c_receipt-key_2"]


def test_no_more_is_canceled_than_is_left() -> None:
    with pytest.raises(CashReceiptAmountError, match="10000"):
        canceled_part(RECEIPT, 10_001)


def test_what_is_canceled_is_not_canceled_again() -> None:
    left, _ = canceled_part(RECEIPT, None)

    with pytest.raises(CashReceiptCanceledError):
        canceled_part(left, None)


@pytest.mark.parametrize("number", ["", "9" * 9, "9" * 12, "9" * 20, "01O12345678", "01012345678 "])
def test_a_number_that_is_nobody_s_is_refused(number: str) -> None:
    with pytest.raises(CashReceiptInfoError):
        check_identity_number(number)


def test_a_list_has_an_end() -> None:
    check_row_limit(10_000)

    with pytest.raises(QueryLimitError):
        check_row_limit(10_001)


def test_the_tax_service_answers_at_midnight_in_korea() -> None:
    assert RECEIPT.status_at(NOON + timedelta(hours=2, minutes=59)) is IssueStatus.IN_PROGRESS
    assert RECEIPT.status_at(NOON + timedelta(hours=3)) is IssueStatus.COMPLETED


def test_a_payment_has_no_receipt_before_its_money() -> None:
    assert receipt_of_payment(TRANSFER) is None


def test_a_payment_that_nobody_asked_a_receipt_for_has_none() -> None:
    assert receipt_of_payment(approved(make_payment())) is None


def test_a_payment_s_receipt_is_about_all_of_it() -> None:
    receipt = receipt_of_payment(canceled(approved(TRANSFER), 4_000, whole_only=False))

    assert receipt is not None
    assert (receipt.amount, receipt.receipt_key, receipt.requested_at) == (10_000, "receipt-key", NOON)


def test_a_payment_s_cancels_are_told_one_by_one() -> None:
    payment = canceled(approved(TRANSFER), 4_000, whole_only=False)
    payment = replace(payment, cancels=(*payment.cancels, replace(payment.cancels[0], key="second-key")))
    receipt = receipt_of_payment(payment)
    assert receipt is not None

    told = cancels_of_receipt(payment, receipt)

    assert [entry.receipt_key for entry in told] == ["c_receipt-key", "c_receipt-key_2"]
    assert [entry.issue_number for entry in told] == ["000000000", "000000001"]
    assert cancel_receipt_keys(payment) == {
        "cancel-key": "c_receipt-key",
        "second-key": "c_receipt-key_2",
    }
