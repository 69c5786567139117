"""A change goes in whole, and only where the payment is still the one it was decided on."""

import pytest
from flask import Flask

from payments_mock.domain.payments.payment import Event, Payment, State
from payments_mock.domain.sandboxes import Merchant
from payments_mock.storage import payments as store
from testkit.inside.database import transaction
from testkit.inside.payments import NOON, make_movement
from testkit.races import at_once
from tests.storage.stored import movements, read, stored

pytestmark = pytest.mark.every_database


def change(payment: Payment, key: str = "transaction-key") -> bool:
    with transaction() as connection:
        return store.change(connection, payment, make_movement(key=key, state=payment.state))


def test_a_change_is_stored_with_its_movement_of_money(merchant: Merchant) -> None:
    approved = stored(merchant).after(Event.APPROVE, approved_at=NOON)

    assert change(approved)
    assert read(merchant) == approved
    assert movements() == ["transaction-key"]


def test_a_change_decided_on_a_stale_revision_changes_nothing(merchant: Merchant) -> None:
    payment = stored(merchant)
    first, second = payment.after(Event.APPROVE), payment.after(Event.EXPIRE)
    change(first, key="first")

    assert not change(second, key="second")
    assert read(merchant) == first
    assert movements() == ["first"]


def test_a_change_touches_no_other_payment(merchant: Merchant, other_merchant: Merchant) -> None:
    bystanders = [stored(merchant, "pay_124"), stored(other_merchant)]

    change(stored(merchant).after(Event.APPROVE))

    assert [read(merchant, "pay_124"), read(other_merchant)] == bystanders


def test_an_order_has_one_approved_payment(merchant: Merchant) -> None:
    first, second = stored(merchant, "first"), stored(merchant, "second")
    change(first.after(Event.APPROVE), key="first")

    with pytest.raises(store.OrderHeldError):
        change(second.after(Event.APPROVE), key="second")

    assert read(merchant, "second") == second
    assert movements() == ["first"]


def test_two_merchants_may_have_the_same_order_approved(merchant: Merchant, other_merchant: Merchant) -> None:
    change(stored(merchant).after(Event.APPROVE))

    assert change(stored(other_merchant).after(Event.APPROVE))


def test_an_order_is_free_again_once_its_payment_is_canceled(merchant: Merchant) -> None:
    first, second = stored(merchant, "first").after(Event.APPROVE), stored(merchant, "second")
    change(first, key="approval")
    change(first.after(Event.CANCEL), key="cancel")

    assert change(second.after(Event.APPROVE))


def test_an_order_stays_held_by_a_payment_that_is_canceled_in_part(merchant: Merchant) -> None:
    first, second = stored(merchant, "first").after(Event.APPROVE), stored(merchant, "second")
    change(first, key="approval")
    change(first.after(Event.CANCEL_PART), key="cancel")

    with pytest.raises(store.OrderHeldError):
        change(second.after(Event.APPROVE))


def test_of_many_changes_decided_on_one_revision_one_goes_in(database: Flask, merchant: Merchant) -> None:
    approved = stored(merchant).after(Event.APPROVE)

    def attempt() -> bool:
        with database.app_context():
            return change(approved)

    assert sorted(at_once([attempt] * 16)) == [False] * 15 + [True]
    assert len(movements()) == 1


def test_a_change_that_is_not_committed_leaves_nothing_behind(merchant: Merchant) -> None:
    approved = stored(merchant).after(Event.APPROVE)

    with pytest.raises(RuntimeError, match="before the commit"):
        _change_and_fail(approved)

    assert read(merchant).state is State.AUTHENTICATED
    assert movements() == []


def _change_and_fail(payment: Payment) -> None:
    with transaction() as connection:
        store.change(connection, payment, make_movement())
        raise RuntimeError("after the statements, before the commit")
