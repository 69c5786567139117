"""A shop on the toss contract for each scenario, inside the test so that its clock can be moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_bdd import given, then, when

from payments_mock.kiosk import KioskSettings, create_kiosk
from payments_mock.kiosk.settings import ProviderContract
from payments_mock.kiosk.web.server import KioskServer
from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import assert_refused, granted
from testkit.credentials import basic
from testkit.kiosk.kiosk_client import Kiosk
from testkit.kiosk.line import Line, answer_with
from testkit.kiosk.scene import Goods
from testkit.kiosk.shop import Clock, Shop
from testkit.kiosk.troubles import trouble_after
from testkit.provider_client import Provider

SECRET_KEY = "test_gsk_toss_dummy"
TIMEOUT_SECONDS = 3.0
THREADS = 8
"""More than a scenario has calls at once; to start as many as a cinema needs takes as long as a short one."""


@contextmanager
def served(settings: KioskSettings, clock: Clock) -> Iterator[Kiosk]:
    """Serve a shop for the length of a block."""
    with patch("payments_mock.kiosk.web.server.THREADS", THREADS):
        server = KioskServer(create_kiosk(settings, clock), "127.0.0.1", 0)
    server.start()
    yield Kiosk(server.url)
    server.stop()


@pytest.fixture
def shop(line: Line, tmp_path: Path) -> Iterator[Shop]:
    """Return a shop whose line to the provider can break."""
    clock = Clock()
    settings = KioskSettings(
        provider_url=line.url,
        contract=ProviderContract.TOSS,
        data=tmp_path / "shop.db",
        timeout=TIMEOUT_SECONDS,
    )
    with served(settings, clock) as kiosk:
        with Provider(line.upstream, basic(SECRET_KEY)) as provider:
            yield Shop(kiosk, line, provider, clock, tmp_path / "shop.db")
        line.mend()


@given(sentence('an order of "{goods:Goods}"'))
def _(shop: Shop, goods: Goods) -> None:
    assert shop.place("Kim", goods).status == 201


@given(sentence('"{buyer:w}" has ordered "{goods:Goods}"'))
def _(shop: Shop, buyer: str, goods: Goods) -> None:
    assert shop.place(buyer, goods).status == 201


@given(sentence('"{buyer:w}" has paid for "{goods:Goods}"'))
def _(shop: Shop, buyer: str, goods: Goods) -> None:
    assert shop.place(buyer, goods).status == 201
    assert granted(shop.pay()).body["status"] == "PAID"


@given(sentence('an order of seat "{seat:w}"'))
@when(sentence('a shopper orders seat "{seat:w}"'))
def _(shop: Shop, seat: str) -> None:
    assert shop.place("Kim", seats=[seat]).status == 201


@given("the shopper has paid in the window")
@when("the shopper pays in the window")
def _(shop: Shop) -> None:
    shop.checkout()


@given("the success page confirms the payment", target_fixture="answer")
@when("the success page confirms the payment", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.confirm()


@given(sentence('the provider charges the shopper and "{trouble}"'))
def _(shop: Shop, trouble: str) -> None:
    shop.line.next("confirm", trouble_after(trouble, shop.line))


@given(sentence('the provider refunds and "{trouble}"'))
def _(shop: Shop, trouble: str) -> None:
    shop.line.next("cancel", trouble_after(trouble, shop.line))


@given("the clerk refunds the order", target_fixture="answer")
@when("the clerk refunds the order", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.cancel()


@when("the screen looks at the order", target_fixture="answer")
def _(shop: Shop) -> Answer:
    return shop.kiosk.send("GET", shop.path)


@when(sentence('"{minutes:d} minutes" pass at the shop'))
def _(shop: Shop, minutes: int) -> None:
    shop.clock.advance(minutes=minutes)


@then(sentence('the answer shows the order as "{status:w}"'))
def _(shop: Shop, answer: Answer, status: str) -> None:
    assert answer.status in {200, 202}, answer
    assert answer.body["orderId"] == shop.order["orderId"]
    assert answer.body["status"] == status, answer


@then(sentence('the order is "{status:w}"'))
def _(shop: Shop, status: str) -> None:
    assert shop.stored()["status"] == status


@then(sentence('the payment is "{status:w}"'))
def _(shop: Shop, status: str) -> None:
    assert granted(shop.at_provider()).body["status"] == status


@then("the provider was asked nothing")
def _(shop: Shop) -> None:
    order, key = shop.order["orderId"].encode(), shop.redirect.get("paymentKey", "none")
    asked = [exchange for exchange in shop.line.exchanges if order in exchange.body or key in exchange.path]
    assert asked == []


@then(sentence('the provider was sent {count:d} "{operation}"'))
def _(shop: Shop, count: int, operation: str) -> None:
    assert len(shop.sent(operation)) == count


@then(sentence('it is refused with {status:d} "{code:w}"'))
def _(answer: Answer, status: int, code: str) -> None:
    assert_refused(answer, status, code)


@then(sentence('it is refused with {status:d} "{code:w}", naming "{name}"'))
def _(answer: Answer, status: int, code: str, name: str) -> None:
    assert_refused(answer, status, code)
    assert list(answer.body["errors"]) == [name]


@then(sentence('the order is called "{name}"'))
def _(shop: Shop, name: str) -> None:
    assert shop.order["orderName"] == name


@then(sentence("the order costs {amount:Number} won"))
def _(shop: Shop, amount: int) -> None:
    assert shop.order["amount"] == amount


@then(sentence('the order of "{buyer:w}" is "{status:w}"'))
def _(shop: Shop, buyer: str, status: str) -> None:
    [found] = [order for order in shop.look("/api/v1/orders")["orders"] if order["buyer"] == buyer]
    assert found["status"] == status


@then(sentence('seat "{seat:w}" is taken'))
def _(shop: Shop, seat: str) -> None:
    assert not shop.seat(seat)


@then(sentence('seat "{seat:w}" is free'))
def _(shop: Shop, seat: str) -> None:
    assert shop.seat(seat)


@given("the provider will refuse the next refund")
def _(shop: Shop) -> None:
    shop.line.next(
        "cancel", answer_with(403, b'{"code": "NOT_CANCELABLE_PAYMENT", "message": "Words for people."}')
    )
