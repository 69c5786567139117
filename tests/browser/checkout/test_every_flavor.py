"""What holds however a shop's page asks for a payment: v2 or v1, window or widget."""

import pytest

from tests.browser.checkout.conftest import Enter, each_flavor

pytestmark = pytest.mark.a_few(3)


def test_a_paid_order_comes_back_to_the_success_page_and_is_confirmed(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)

    shopper.pay()

    query = shopper.arrival("/success")
    assert query["orderId"] == shopper.order
    assert query["amount"] == "68000"
    assert query["paymentType"] == "NORMAL"
    confirmed = shopper.confirm(query)
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "DONE")
    assert confirmed.json()["card"]["issuerCode"] == "41"


PROMISES: dict[str, dict[str, object]] = {
    "v1-payment": {"amount": 68000},
    "v1-widget": {"amount": 68000, "paymentType": "NORMAL"},
    "v2-payment": {"amount": {"value": 68000, "currency": "KRW"}},
    "v2-widget": {"amount": {"value": 68000, "currency": "KRW"}, "paymentType": "NORMAL"},
}
BROKEN: dict[str, tuple[str, dict[str, str]]] = {
    "REJECT_CARD_COMPANY": ("fail", {"fail_code": "REJECT_CARD_COMPANY"}),
    "INVALID_CARD_LOST_OR_STOLEN": ("fail", {"fail_code": "INVALID_CARD_LOST_OR_STOLEN"}),
    "PAY_PROCESS_ABORTED": ("expire", {}),
    "USER_CANCEL": ("close", {}),
}


@each_flavor(without_ci="v2-widget")
def test_a_promise_is_broken_with_the_code_and_then_kept(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, mode="promise")

    for code, (control, choices) in BROKEN.items():
        shopper.control(control, **choices)
        result = shopper.result()
        assert (result["rejected"], result["isError"]) == (code, True)
        assert result["message"]
        assert shopper.page.locator("#___tosspayments_iframe___, #___tosspayments_dimmer___").count() == 0

    shopper.pay()

    result = shopper.result()["resolved"]
    assert result == {"paymentKey": result["paymentKey"], "orderId": shopper.order, **PROMISES[flavor]}
    assert shopper.confirm({**result, "amount": 68000}).json()["status"] == "DONE"
    assert shopper.page.locator("#___tosspayments_iframe___, #___tosspayments_dimmer___").count() == 0


FAILURES = {
    "v1-payment": "PAY_PROCESS_ABORTED",
    "v1-widget": "REJECT_CARD_COMPANY",
    "v2-payment": "INVALID_STOPPED_CARD",
    "v2-widget": "FDS_ERROR",
}


@each_flavor(without_ci="v1-payment")
def test_a_failure_comes_back_to_the_fail_page_with_its_code(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)
    code = FAILURES[flavor]

    shopper.control("fail", fail_code=code)

    query = shopper.arrival("/fail")
    assert (query["code"], query["orderId"], query["from"]) == (code, shopper.order, "shop")
    assert query["message"]
    assert shopper.look_up()["failure"]["code"] == code


@each_flavor(without_ci="v2-payment")
def test_a_decline_is_seen_at_the_confirm(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)

    shopper.control("decline", decline_code="REJECT_CARD_PAYMENT")

    refused = shopper.confirm(shopper.arrival("/success"))
    assert (refused.status_code, refused.json()["code"]) == (403, "REJECT_CARD_PAYMENT")
    assert shopper.look_up()["status"] == "ABORTED"


@each_flavor(without_ci="v1-widget")
def test_a_closed_window_is_told_to_the_page_or_to_the_fail_page(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)
    shopper.control("cancel")
    assert shopper.result()["rejected"] == "USER_CANCEL"

    shopper.ask()
    shopper.window.get_by_test_id("close").click()

    query = shopper.arrival("/fail")
    assert query["code"] == "PAY_PROCESS_CANCELED"
    assert "orderId" not in query
    assert shopper.look_up()["status"] == "READY"


@each_flavor(without_ci="v2-payment")
def test_a_window_that_expires_comes_back_to_the_fail_page(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)

    shopper.control("expire")

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_ABORTED"
    payment = shopper.look_up()
    assert (payment["status"], payment["failure"]["code"]) == ("EXPIRED", "EXPIRED_PAYMENT")


@each_flavor(without_ci="v1-widget")
def test_a_phone_gets_the_window_as_a_page_of_its_own(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, on_phone=True)
    shopper.ask()

    shopper.page.wait_for_url("**/checkout/**")
    if not shopper.is_widget:
        shopper.page.get_by_test_id("agree").check()
    shopper.page.get_by_test_id("pay").click()

    assert shopper.confirm(shopper.arrival("/success")).json()["status"] == "DONE"
