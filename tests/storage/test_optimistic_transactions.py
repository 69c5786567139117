"""An optimistic transaction waits for fewer answers, and is run again where another call came first."""

from collections.abc import Callable

import pytest
from flask import Flask, current_app
from sqlalchemy import Connection

from payments_mock.domain.payments.payment import Event, Payment
from payments_mock.domain.sandboxes import Merchant
from payments_mock.services.context import in_optimistic_transaction
from payments_mock.storage import payments as store
from payments_mock.storage.engine.database import database_of
from testkit.inside.payments import make_movement, make_payment
from tests.storage.stored import movements, read, stored

pytestmark = pytest.mark.every_database


def approve(payment: Payment, key: str) -> Callable[[Connection], bool]:
    """Return a use case that approves a payment as it was read, and tells whether it did."""
    approved = payment.after(Event.APPROVE)
    movement = make_movement(key=key, state=approved.state)
    return lambda connection: store.change(connection, payment, approved, movement)


def run(use_case: Callable[[Connection], bool]) -> tuple[bool, int]:
    """Run a use case optimistically; returns what came of it, and how often it began anew."""
    anew: list[None] = []
    changed = in_optimistic_transaction(database_of(current_app), use_case, lambda: anew.append(None))
    return changed, len(anew)


def test_a_change_that_nobody_meets_is_stored_at_once(database: Flask, merchant: Merchant) -> None:
    payment = stored(merchant)

    assert run(approve(payment, "mine")) == (True, 0)
    assert read(merchant) == payment.after(Event.APPROVE)
    assert movements() == ["mine"]


def test_a_change_that_comes_second_is_tried_again_and_told_so(database: Flask, merchant: Merchant) -> None:
    payment = stored(merchant)
    run(approve(payment, "theirs"))

    changed, anew = run(approve(payment, "mine"))

    assert not changed
    assert anew == (0 if database_of(current_app).is_sqlite else 1)
    assert movements() == ["theirs"]


def test_a_second_payment_of_an_order_is_refused_as_ever(database: Flask, merchant: Merchant) -> None:
    first, second = stored(merchant, "first"), stored(merchant, "second")
    run(approve(first, "first"))

    with pytest.raises(store.OrderHeldError):
        run(approve(second, "second"))

    assert read(merchant, "second") == second
    assert movements() == ["first"]


def test_a_payment_that_is_there_already_is_found_as_ever(database: Flask, merchant: Merchant) -> None:
    payment = stored(merchant)

    def add_again(connection: Connection) -> bool:
        store.add(connection, make_payment(merchant_id=merchant.id, order_id="another"))
        return True

    with pytest.raises(store.PaymentKeyTakenError):
        run(add_again)

    assert read(merchant) == payment


def test_what_is_written_before_a_lost_race_is_undone(database: Flask, merchant: Merchant) -> None:
    mine, other = stored(merchant), make_payment(merchant_id=merchant.id, payment_key="new", order_id="new")
    run(approve(mine, "theirs"))

    def add_and_change(connection: Connection) -> bool:
        store.add(connection, other)
        return approve(mine, "mine")(connection)

    assert run(add_and_change)[0] is False
    assert read(merchant, "new").order_id == "new"
    assert movements() == ["theirs"]
