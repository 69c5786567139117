"""A change goes in whole, and only where the payment is still the one it was decided on."""

from dataclasses import replace

import pytest
from flask import Flask

from payments_mock.domain.payments.instruments import Instruments, Transfer
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Event, Payment, State
from payments_mock.domain.sandboxes import Merchant
from payments_mock.storage import payments as store
from testkit.inside.database import transaction
from testkit.inside.payments import NOON, make_movement
from testkit.races import at_once
from tests.storage.stored import movements, read, stored

pytestmark = pytest.mark.every_database


def change(before: Payment, event: Event, key: str = "transaction-key") -> bool:
    after = before.after(event)
    with transaction() as connection:
        return store.change(connection, before, after, make_movement(key=key, state=after.state))


def test_a_change_is_stored_with_its_movement_of_money(merchant: Merchant) -> None:
    payment = stored(merchant)
    approved = payment.after(Event.APPROVE, approved_at=NOON)

    with transaction() as connection:
        assert store.change(connection, payment, approved, make_movement(key="transaction-key"))

    assert read(merchant) == approved
    assert movements() == ["transaction-key"]


def test_everything_that_a_change_may_touch_is_stored(merchant: Merchant) -> None:
    payment = stored(merchant)
    changed = payment.after(
        Event.APPROVE,
        method=Method.CARD,
        instruments=Instruments(transfer=Transfer("20")),
        balance_amount=payment.balance_amount - 1,
        tax_free_balance=payment.tax_free_balance + 1,
        expires_at=NOON,
        approved_at=NOON,
        last_transaction_key="transaction-key",
        secret="another secret",
        failure_code="FAILED",
        decline_code="DECLINED",
        settled_at=NOON,
    )

    with transaction() as connection:
        assert store.change(connection, payment, changed, None)

    assert read(merchant) == changed


def test_what_a_change_sets_back_to_nothing_is_stored_as_nothing(merchant: Merchant) -> None:
    payment = stored(merchant)
    declined = replace(payment, decline_code="DECLINED", expires_at=NOON, revision=payment.revision + 1)
    spared = replace(declined, decline_code=None, expires_at=None, revision=declined.revision + 1)

    with transaction() as connection:
        assert store.change(connection, payment, declined, None)
        assert store.change(connection, declined, spared, None)

    assert read(merchant) == spared


def test_a_change_decided_on_a_stale_revision_changes_nothing(merchant: Merchant) -> None:
    payment = stored(merchant)
    change(payment, Event.APPROVE, key="first")

    assert not change(payment, Event.EXPIRE, key="second")
    assert read(merchant) == payment.after(Event.APPROVE)
    assert movements() == ["first"]


def test_a_change_touches_no_other_payment(merchant: Merchant, other_merchant: Merchant) -> None:
    bystanders = [stored(merchant, "pay_124"), stored(other_merchant)]

    change(stored(merchant), Event.APPROVE)

    assert [read(merchant, "pay_124"), read(other_merchant)] == bystanders


def test_an_order_has_one_approved_payment(merchant: Merchant) -> None:
    first, second = stored(merchant, "first"), stored(merchant, "second")
    change(first, Event.APPROVE, key="first")

    with pytest.raises(store.OrderHeldError):
        change(second, Event.APPROVE, key="second")

    assert read(merchant, "second") == second
    assert movements() == ["first"]


def test_two_merchants_may_have_the_same_order_approved(merchant: Merchant, other_merchant: Merchant) -> None:
    change(stored(merchant), Event.APPROVE)

    assert change(stored(other_merchant), Event.APPROVE)


def test_an_order_is_free_again_once_its_payment_is_canceled(merchant: Merchant) -> None:
    first, second = stored(merchant, "first"), stored(merchant, "second")
    change(first, Event.APPROVE, key="approval")
    change(first.after(Event.APPROVE), Event.CANCEL, key="cancel")

    assert change(second, Event.APPROVE)


def test_an_order_stays_held_by_a_payment_that_is_canceled_in_part(merchant: Merchant) -> None:
    first, second = stored(merchant, "first"), stored(merchant, "second")
    change(first, Event.APPROVE, key="approval")
    change(first.after(Event.APPROVE), Event.CANCEL_PART, key="cancel")

    with pytest.raises(store.OrderHeldError):
        change(second, Event.APPROVE)


def test_of_many_changes_decided_on_one_revision_one_goes_in(database: Flask, merchant: Merchant) -> None:
    payment = stored(merchant)

    def attempt() -> bool:
        with database.app_context():
            return change(payment, Event.APPROVE)

    assert sorted(at_once([attempt] * 16)) == [False] * 15 + [True]
    assert len(movements()) == 1


def test_a_change_that_is_not_committed_leaves_nothing_behind(merchant: Merchant) -> None:
    payment = stored(merchant)

    with pytest.raises(RuntimeError, match="before the commit"):
        _approve_and_fail(payment)

    assert read(merchant).state is State.AUTHENTICATED
    assert movements() == []


def _approve_and_fail(payment: Payment) -> None:
    with transaction() as connection:
        store.change(connection, payment, payment.after(Event.APPROVE), make_movement())
        raise RuntimeError("after the statements, before the commit")
