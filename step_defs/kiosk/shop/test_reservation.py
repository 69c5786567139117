from collections.abc import Callable, Mapping
from types import MappingProxyType

import pytest
from pytest_bdd import parsers, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.kiosk.shop import Shop

pytestmark = pytest.mark.a_few(10)

scenarios("kiosk/reservation.feature")


def fail(shop: Shop) -> None:
    """Fail in the window, and come back to the fail page."""
    granted(shop.fail(shop.checkout(result="fail", code="REJECT_CARD_COMPANY")))


def close(shop: Shop) -> None:
    """Close the window; the fail page knows the order by its own address."""
    granted(shop.fail(shop.checkout(result="close") | {"orderId": shop.order["orderId"]}))


def be_declined(shop: Shop) -> None:
    shop.checkout(decline="REJECT_CARD_PAYMENT")
    assert_refused(shop.confirm(), 402, "PAYMENT_REFUSED")


def wait(shop: Shop) -> None:
    shop.clock.advance(minutes=10)
    shop.look("/api/v1/shop")


OUTCOMES: Mapping[str, Callable[[Shop], None]] = MappingProxyType(
    {
        "the shopper fails in the window": fail,
        "the shopper closes the window for good": close,
        "the card is declined at the confirm": be_declined,
        "ten minutes pass without a payment": wait,
    }
)


@when(parsers.re("(?P<outcome>" + "|".join(OUTCOMES) + ")"))
def _(shop: Shop, outcome: str) -> None:
    OUTCOMES[outcome](shop)


@when(sentence('another shopper wants seat "{seat:w}"'), target_fixture="answer")
def _(shop: Shop, seat: str) -> Answer:
    return shop.place("Lee", seats=[seat])


@when(sentence('another shopper takes seat "{seat:w}"'))
def _(shop: Shop, seat: str) -> None:
    assert shop.place("Lee", seats=[seat]).status == 201
    shop.orders.pop()


@when("the shopper tries again")
def _(shop: Shop) -> None:
    granted(shop.kiosk.send("POST", f"{shop.path}/hold"))


@then(sentence('the reservation is "{status:w}"'))
def _(shop: Shop, status: str) -> None:
    assert shop.stored()["reservation"]["status"] == status


@then("the payment belongs to the reservation")
def _(shop: Shop) -> None:
    [reservation] = shop.rows("SELECT reservation_id FROM payments")
    assert reservation == (shop.stored()["reservation"]["id"],)
