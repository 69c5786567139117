"""What a shopper reads when the shop or the provider says no; the browser has nothing to complain of."""

from collections.abc import Callable

import requests
from playwright.sync_api import expect

from testkit.depth import waits_for_ci
from tests.browser.conftest import Provider
from tests.browser.kiosk.conftest import Guest

pytestmark = waits_for_ci

Enter = Callable[..., Guest]
NOBODY = "00000000-0000-4000-8000-000000000000"


def arm(provider: Provider, code: str, **match: str) -> None:
    """Make the provider refuse one call of the kiosk contract."""
    effect = {"kind": "error", "code": code, "status": 422}
    fault = {"moment": "before", "match": match, "effect": effect}
    armed = requests.post(f"{provider.url}/control/sandboxes/kiosk/faults", json=fault, timeout=10)
    armed.raise_for_status()


def test_a_card_that_is_declined_at_the_confirm_charges_nothing(enter: Enter) -> None:
    guest = enter()
    guest.choose("D3", cola=1)
    guest.order()
    guest.ask_for_the_window()

    guest.control("decline", "decline-code", "REJECT_CARD_PAYMENT")

    guest.arrive("/payments/success.html", "failed")
    expect(guest.page.get_by_test_id("title")).to_have_text("카드사에서 결제를 거절했어요")
    expect(guest.page.get_by_test_id("receipt")).to_be_hidden()
    guest.page.get_by_test_id("again").click()
    guest.wait()


def test_a_card_that_is_declined_at_the_terminal_can_be_replaced(enter: Enter, provider: Provider) -> None:
    guest = enter("terminal")
    guest.choose(cola=1)
    guest.order()
    arm(provider, "CARD_DECLINED", operation="confirm", orderId=guest.order_id)

    guest.press_pay()
    expect(guest.page.get_by_role("alert")).to_have_text(
        "카드가 승인되지 않았어요. 다른 카드로 다시 결제해 주세요."
    )
    guest.press_pay()

    guest.arrive("/payments/success.html", "paid")


def test_a_seat_that_was_just_sold_is_said_to_be_gone(enter: Enter) -> None:
    guest = enter("terminal")
    guest.choose("E8")
    guest.call("/api/v1/orders", buyer="Lee", seats=["E8"])

    guest.page.get_by_test_id("order").click()

    expect(guest.page.get_by_role("alert")).to_contain_text("좌석이 방금 판매됐어요")
    expect(guest.page.get_by_test_id("seat-E8")).to_be_disabled()


def test_a_seat_that_was_sold_since_it_was_let_go_is_not_paid_for(enter: Enter) -> None:
    guest = enter("window")
    guest.choose("E7")
    guest.order()
    guest.call("/api/v1/payments/fail", code="PAY_PROCESS_ABORTED", message="", orderId=guest.order_id)
    guest.call("/api/v1/orders", buyer="Lee", seats=["E7"])

    guest.press_pay()

    expect(guest.page.get_by_role("alert")).to_contain_text("좌석이 방금 판매됐어요")
    expect(guest.page.locator("#___tosspayments_iframe___")).to_have_count(0)


def test_a_seat_that_was_sold_while_the_window_was_open_is_not_charged_for(enter: Enter) -> None:
    guest = enter("window")
    guest.choose("E6")
    guest.order()
    order = guest.order_id
    guest.press_pay()
    guest.window.get_by_test_id("agree").check()
    guest.call("/api/v1/payments/fail", code="PAY_PROCESS_ABORTED", message="", orderId=order)
    guest.call("/api/v1/orders", buyer="Lee", seats=["E6"])

    guest.window.get_by_test_id("pay").click()

    guest.arrive("/payments/success.html", "failed")
    expect(guest.page.get_by_test_id("advice")).to_contain_text("좌석이 방금 판매됐어요")
    expect(guest.page.get_by_test_id("to-menu")).to_be_visible()
    expect(guest.page.get_by_test_id("again")).to_have_count(0)
    expect(guest.page.get_by_test_id("receipt")).to_be_hidden()


def test_a_refund_that_the_provider_refuses_leaves_the_order_paid(enter: Enter, provider: Provider) -> None:
    guest = enter("terminal")
    guest.choose(cola=1)
    guest.order()
    guest.press_pay()
    guest.arrive("/payments/success.html", "paid")
    [order] = requests.get(f"{guest.shop}/api/v1/orders", timeout=10).json()["orders"]
    arm(provider, "NOT_CANCELABLE", operation="cancel", paymentKey=order["payment"]["paymentKey"])
    guest.open("/orders.html")

    guest.page.get_by_test_id("refund").click()
    guest.page.get_by_test_id("refund-yes").click()

    expect(guest.page.get_by_role("alert")).to_contain_text("환불이 거절됐어요")
    expect(guest.page.get_by_test_id("status")).to_have_text("결제 완료")


ODD_ADDRESSES = {
    f"/pay.html?order={NOBODY}": "처리하지 못했어요",
    f"/payments/success.html?order={NOBODY}": "결제하지 못했어요",
    f"/payments/success.html?orderId={NOBODY}&paymentKey=none&amount=1": "결제하지 못했어요",
    f"/payments/fail.html?orderId={NOBODY}&code=PAY_PROCESS_ABORTED": "결제하지 못했어요",
    "/payments/fail.html?code=so-so&orderId=none": "결제하지 못했어요",
}


def test_an_address_that_leads_to_no_order_is_explained(enter: Enter) -> None:
    guest = enter("terminal")

    for path, what_is_said in ODD_ADDRESSES.items():
        guest.page.goto(guest.shop + path)

        expect(guest.page.get_by_role("main")).to_contain_text(what_is_said)
        guest.page.wait_for_load_state("networkidle")
