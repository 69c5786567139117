from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_bdd import given, scenarios, then, when

from step_defs.kiosk.wording import sentence
from testkit.answer import Answer
from testkit.checks import granted
from testkit.kiosk.line import lose_request, send_twice
from testkit.kiosk.shop import Shop

pytestmark = pytest.mark.a_few(8)

scenarios("kiosk/widget_never_twice.feature")


@given('the next "confirm" is lost on its way')
def _(shop: Shop) -> None:
    shop.line.next("confirm", lose_request)


@given("a proxy on the way sends the confirm twice")
def _(shop: Shop) -> None:
    shop.line.next("confirm", send_twice)


@given("another machine of the shop has confirmed the payment")
def _(shop: Shop) -> None:
    fields = {name: shop.redirect[name] for name in ("paymentKey", "orderId", "amount")}
    granted(shop.provider.post("/v1/payments/confirm", fields))


@given("the shopper has paid in two windows", target_fixture="first")
def _(shop: Shop) -> dict[str, str]:
    first = shop.checkout()
    shop.checkout()
    return first


@given("the success page of the first window has confirmed the payment")
def _(shop: Shop, first: dict[str, str]) -> None:
    assert shop.confirm(**first).status in {200, 202}


@when(sentence("{pages:d} success pages confirm the payment at once"), target_fixture="answers")
def _(shop: Shop, pages: int) -> list[Answer]:
    with ThreadPoolExecutor(pages) as pool:
        return list(pool.map(lambda page: shop.confirm(), range(pages)))


@then('every page shows the order as "PAID" or "PENDING"')
def _(answers: list[Answer]) -> None:
    assert {granted_or_pending(answer) for answer in answers} <= {"PAID", "PENDING"}


def granted_or_pending(answer: Answer) -> str:
    assert answer.status in {200, 202}, answer
    return str(answer.body["status"])


@then("only the first window's payment was charged")
def _(shop: Shop, first: dict[str, str]) -> None:
    keys = (first["paymentKey"], shop.redirect["paymentKey"])
    found = [granted(shop.provider.send("GET", f"/v1/payments/{key}")).body["status"] for key in keys]
    assert found == ["DONE", "IN_PROGRESS"]


@then("both confirms carry the same idempotency key")
def _(shop: Shop) -> None:
    keys = [exchange.headers["Idempotency-Key"] for exchange in shop.sent("confirm")]
    assert keys == [f"{shop.order['orderId']}:{shop.redirect['paymentKey']}"] * 2
