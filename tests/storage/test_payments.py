"""A payment is read as it was stored, and only by its merchant."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Event, Payment, State
from payments_mock.domain.sandboxes import Merchant
from payments_mock.storage import payments as store
from testkit.inside.database import look, transaction
from testkit.inside.payments import make_movement, make_payment

pytestmark = pytest.mark.every_database


def stored(payment: Payment) -> Payment:
    """Store a payment, and read it back."""
    with transaction() as connection:
        store.add(connection, payment)
    with look() as connection:
        found = store.find_by_key(connection, payment.merchant_id, payment.payment_key)
    assert found is not None
    return found


def test_a_payment_is_read_as_it_was_stored(merchant: Merchant) -> None:
    payment = make_payment(
        merchant_id=merchant.id,
        total_amount=2**53 - 1,
        state=State.EXPIRED,
        requested_at=datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
        method=Method.CARD,
        approved_at=datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
        expires_at=datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        order_name="아메리카노 😀",
        last_transaction_key="transaction-key",
        failure_code="REJECT_CARD_COMPANY",
    )

    found = stored(payment)

    assert replace(found, id=0) == payment


def test_a_stored_payment_has_an_id(merchant: Merchant) -> None:
    assert stored(make_payment(merchant_id=merchant.id)).id > 0


def test_a_payment_key_is_taken_once(merchant: Merchant) -> None:
    first = stored(make_payment(merchant_id=merchant.id))

    with pytest.raises(store.PaymentKeyTakenError), transaction() as connection:
        store.add(connection, make_payment(merchant_id=merchant.id, order_id="order_124"))

    with look() as connection:
        assert store.find_by_key(connection, merchant.id, "pay_123") == first


def test_two_merchants_may_use_the_same_payment_key(merchant: Merchant, other_merchant: Merchant) -> None:
    own = stored(make_payment(merchant_id=merchant.id, receipt_token="one"))
    others = stored(make_payment(merchant_id=other_merchant.id, receipt_token="two"))

    assert own.merchant_id != others.merchant_id


def test_a_merchant_does_not_find_the_payment_of_another(
    merchant: Merchant, other_merchant: Merchant
) -> None:
    stored(make_payment(merchant_id=other_merchant.id))

    with look() as connection:
        assert store.find_by_key(connection, merchant.id, "pay_123") is None
        assert store.find_by_order(connection, merchant.id, "order_123") is None


def test_a_payment_key_is_found_by_its_exact_letters(merchant: Merchant) -> None:
    stored(make_payment(merchant_id=merchant.id, payment_key="pay_abc"))

    with look() as connection:
        assert store.find_by_key(connection, merchant.id, "PAY_ABC") is None


def test_the_newest_payment_stands_for_an_order_that_nobody_paid(merchant: Merchant) -> None:
    stored(make_payment(merchant_id=merchant.id, payment_key="first"))
    newest = stored(make_payment(merchant_id=merchant.id, payment_key="second"))

    with look() as connection:
        assert store.find_by_order(connection, merchant.id, "order_123") == newest


def test_the_approved_payment_stands_for_its_order_before_newer_ones(merchant: Merchant) -> None:
    payment = stored(make_payment(merchant_id=merchant.id, payment_key="first"))
    approved = payment.after(Event.APPROVE)
    with transaction() as connection:
        store.change(connection, payment, approved, make_movement())
    stored(make_payment(merchant_id=merchant.id, payment_key="second"))

    with look() as connection:
        assert store.find_by_order(connection, merchant.id, "order_123") == approved


def test_a_receipt_is_found_by_its_merchant_and_key_and_names_the_merchant(merchant: Merchant) -> None:
    payment = stored(make_payment(merchant_id=merchant.id))

    with look() as connection:
        assert store.find_with_merchant(connection, merchant.id, "pay_123") == (payment, "kiosk")
        assert store.find_with_merchant(connection, merchant.id, "pay_124") is None
        assert store.find_with_merchant(connection, merchant.id + 1, "pay_123") is None
