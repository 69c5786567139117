"""What holds however a shop's page asks for a payment: v2 or v1, window or widget."""

from tests.browser.checkout.conftest import Enter
from tests.browser.checkout.shopper import run_control


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


def test_a_promise_is_kept_with_what_the_confirm_needs(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, mode="promise")

    shopper.pay()

    result = shopper.result()["resolved"]
    assert result["orderId"] == shopper.order
    amount = {"value": 68000, "currency": "KRW"} if flavor.startswith("v2") else 68000
    assert result["amount"] == amount
    assert result.get("paymentType") == ("NORMAL" if shopper.is_widget else None)
    assert shopper.confirm({**result, "amount": 68000}).json()["status"] == "DONE"
    assert shopper.page.locator("#___tosspayments_iframe___, #___tosspayments_dimmer___").count() == 0


FAILURES = {
    "v1-payment": "PAY_PROCESS_ABORTED",
    "v1-widget": "REJECT_CARD_COMPANY",
    "v2-payment": "INVALID_STOPPED_CARD",
    "v2-widget": "FDS_ERROR",
}


def test_a_failure_comes_back_to_the_fail_page_with_its_code(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)
    code = FAILURES[flavor]

    shopper.control("fail", fail_code=code)

    query = shopper.arrival("/fail")
    assert (query["code"], query["orderId"], query["from"]) == (code, shopper.order, "shop")
    assert query["message"]
    assert shopper.look_up()["failure"]["code"] == code


def test_a_failure_breaks_a_promise_with_its_code(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, mode="promise")

    shopper.control("fail", fail_code="REJECT_CARD_COMPANY")

    result = shopper.result()
    assert (result["rejected"], result["isError"]) == ("REJECT_CARD_COMPANY", True)
    assert result["message"]


def test_a_decline_is_seen_at_the_confirm(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)

    shopper.control("decline", decline_code="REJECT_CARD_PAYMENT")

    refused = shopper.confirm(shopper.arrival("/success"))
    assert (refused.status_code, refused.json()["code"]) == (403, "REJECT_CARD_PAYMENT")
    assert shopper.look_up()["status"] == "ABORTED"


def test_closing_the_window_comes_back_to_the_fail_page(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)
    shopper.ask()

    shopper.window.get_by_test_id("close").click()

    query = shopper.arrival("/fail")
    assert query["code"] == "PAY_PROCESS_CANCELED"
    assert "orderId" not in query
    assert shopper.look_up()["status"] == "READY"


def test_closing_the_window_breaks_a_promise(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, mode="promise")
    shopper.ask()

    shopper.window.get_by_test_id("close").click()

    assert shopper.result()["rejected"] == "USER_CANCEL"
    assert shopper.page.locator("#___tosspayments_iframe___").count() == 0


def test_a_close_can_be_told_to_the_page_that_asked_for_redirects(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)

    shopper.control("cancel")

    assert shopper.result()["rejected"] == "USER_CANCEL"


def test_a_window_that_expires_comes_back_to_the_fail_page(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)

    shopper.control("expire")

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_ABORTED"
    payment = shopper.look_up()
    assert (payment["status"], payment["failure"]["code"]) == ("EXPIRED", "EXPIRED_PAYMENT")


def test_a_slow_answer_keeps_the_shopper_waiting(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor)
    shopper.ask()

    run_control(shopper.window, "authenticate", delay="1")

    shopper.window.get_by_test_id("busy").wait_for()
    assert "/success" not in shopper.page.url
    assert shopper.arrival("/success")["orderId"] == shopper.order


def test_a_phone_gets_the_window_as_a_page_of_its_own(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, on_phone=True)
    shopper.ask()

    shopper.page.wait_for_url("**/checkout/**")
    if not shopper.is_widget:
        shopper.page.get_by_test_id("agree").check()
    shopper.page.get_by_test_id("pay").click()

    assert shopper.confirm(shopper.arrival("/success")).json()["status"] == "DONE"
