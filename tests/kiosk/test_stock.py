from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from payments_mock.kiosk.errors import OutOfStockError
from payments_mock.kiosk.lifecycle import OrderEvent
from payments_mock.kiosk.orders.leases import Lease
from payments_mock.kiosk.tables import MenuItem, transaction
from testkit.races import at_once
from tests.kiosk.till import Till


def lease(till: Till, order_id: str) -> Lease | None:
    """Begin to pay, in a context of this thread."""
    with till.app.app_context():
        try:
            return till.leases.begin(order_id, OrderEvent.PAY)
        except OutOfStockError:
            return None


def test_placing_an_order_holds_nothing(till: Till) -> None:
    till.place()
    assert till.stock("cola") == (3, 3)


def test_beginning_to_pay_holds_goods_and_leaves_them_on_the_shelf(till: Till) -> None:
    lease(till, till.place([{"id": "cola", "quantity": 2}]))
    assert till.stock("cola") == (3, 1)


def test_what_is_held_cannot_be_sold_to_another(till: Till) -> None:
    lease(till, till.place([{"id": "cola", "quantity": 2}]))
    refused = till.pay(till.place([{"id": "cola", "quantity": 2}]))
    assert refused.status_code == 409
    assert refused.json == {
        "code": "OUT_OF_STOCK",
        "message": "Cola is out of stock: 1 left, 2 ordered.",
        "errors": {"cola": ["1 left, 2 ordered"]},
    }


def test_an_order_holds_all_its_goods_or_none(till: Till) -> None:
    order = till.place([{"id": "cola", "quantity": 1}, {"id": "popcorn", "quantity": 3}])
    assert lease(till, order) is None
    assert (till.stock("cola"), till.stock("popcorn")) == ((3, 3), (2, 2))


def test_twenty_at_once_hold_no_more_than_there_is(till: Till) -> None:
    orders = [till.place() for _ in range(20)]
    leases = at_once([lambda order=order: lease(till, order) for order in orders])
    assert len([won for won in leases if won is not None]) == 3
    assert till.stock("cola") == (3, 0)


def test_one_order_is_claimed_by_one_of_twenty(till: Till) -> None:
    order = till.place()
    leases = at_once([lambda: lease(till, order)] * 20)
    assert len([won for won in leases if won is not None]) == 1
    assert till.stock("cola") == (3, 2)


@pytest.mark.parametrize("values", [{"stock": -1}, {"held": -1}, {"held": 4}])
def test_the_database_itself_refuses_impossible_stock(till: Till, values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(MenuItem).where(MenuItem.id == "cola").values(**values))


def test_a_kept_menu_is_not_filled_again(open_till: Callable[..., Till], provider_url: str) -> None:
    first = open_till(provider_url)
    assert first.pay(first.place()).status_code == 200
    again = open_till(provider_url)
    assert isinstance(again.app, Flask)
    assert again.stock("cola") == (2, 2)
