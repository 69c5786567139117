"""The billing window, by the scripts that open it: a card is registered, and charged later."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import expect

from testkit.depth import depth
from tests.browser.checkout.conftest import Enter, each_flavor
from tests.browser.checkout.shopper import Shopper, run_control
from tests.browser.conftest import Provider

pytestmark = pytest.mark.a_few(2)


def charge_with(shopper: Shopper, query: dict[str, str]) -> dict[str, object]:
    issue = {"authKey": query["authKey"], "customerKey": query["customerKey"]}
    billing = shopper.call("POST", "/v1/billing/authorizations/issue", json=issue).json()
    order = {"amount": 9900, "orderId": shopper.order, "orderName": "월 구독", "customerKey": "customer-1"}
    charged = shopper.call("POST", f"/v1/billing/{billing['billingKey']}", json=order)
    answer: dict[str, object] = charged.json()
    return answer


@each_flavor("v1-payment", "v2-payment", without_ci="v1-payment")
def test_a_registered_card_comes_back_as_an_auth_key_that_can_be_charged(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, billing="yes")
    shopper.ask()

    shopper.window.get_by_test_id("agree").check()
    shopper.window.get_by_test_id("pay").click()

    query = shopper.arrival("/success")
    assert query["customerKey"] == "customer-1"
    payment = charge_with(shopper, query)
    assert (payment["type"], payment["status"]) == ("BILLING", "DONE")


def test_the_card_that_was_keyed_in_is_the_one_charged_once_it_can_be(enter: Enter) -> None:
    shopper = enter("v2-payment", billing="yes")
    shopper.ask()
    window = shopper.window

    window.get_by_test_id("cardNumber").fill("9410 0012 3456 7890")
    window.get_by_test_id("expiry").fill("01/20")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()
    window.get_by_test_id("problem").get_by_text("유효").wait_for()
    window.get_by_test_id("expiry").fill("01/40")
    window.get_by_test_id("pay").click()

    payment = charge_with(shopper, shopper.arrival("/success"))
    assert payment["card"]["number"] == "94100012****789*"  # type: ignore[index]


def test_a_refusal_in_the_window_names_none_of_our_fields(enter: Enter) -> None:
    shopper = enter("v2-payment", billing="yes")
    shopper.ask()
    window = shopper.window
    window.get_by_test_id("cardNumber").fill("9430 0012 3456 7890")
    window.get_by_test_id("agree").check()

    window.get_by_test_id("pay").click()

    expect(window.get_by_test_id("problem")).to_have_text("카드번호가 올바르지 않습니다. 다시 확인해주세요.")


@pytest.mark.parametrize(
    ("flavor", "method"),
    depth([("v1-payment", "계좌이체"), ("v2-payment", "TRANSFER")], [("v2-payment", "TRANSFER")]),
)
def test_an_account_can_be_registered_too(enter: Enter, flavor: str, method: str) -> None:
    shopper = enter(flavor, billing="yes", method=method)
    shopper.ask()

    shopper.window.get_by_test_id("bank").select_option("90")
    shopper.window.get_by_test_id("agree").check()
    shopper.window.get_by_test_id("pay").click()

    assert charge_with(shopper, shopper.arrival("/success"))["method"] == "계좌이체"


@each_flavor("v1-payment", "v2-payment", without_ci="v2-payment")
def test_a_refused_registration_comes_back_to_the_fail_page(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, billing="yes")

    shopper.control("fail", fail_code="INVALID_CARD_LOST_OR_STOLEN")

    assert shopper.arrival("/fail")["code"] == "INVALID_CARD_LOST_OR_STOLEN"


@each_flavor("v1-payment", "v2-payment", without_ci="v1-payment")
def test_closing_the_billing_window_comes_back_to_the_fail_page(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, billing="yes")

    shopper.control("close")

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_CANCELED"


@each_flavor("v1-payment", "v2-payment", without_ci="v2-payment")
def test_a_phone_registers_a_card_on_a_page_of_its_own(enter: Enter, flavor: str) -> None:
    shopper = enter(flavor, billing="yes", on_phone=True)
    shopper.ask()

    shopper.page.wait_for_url("**/checkout/billing**")
    run_control(shopper.page, "authenticate")

    assert shopper.arrival("/success")["authKey"]


@pytest.fixture
def cross_rejects(provider: Provider) -> Iterator[None]:
    """Let the cross of a billing window in a frame reject."""
    address = f"{provider.url}/control/sandboxes/toss/switches"
    for is_on in (True, False):
        requests.post(address, json={"crossRejects": is_on}, timeout=10).raise_for_status()
        if is_on:
            yield


def test_the_cross_of_a_billing_window_comes_back_to_the_fail_page(enter: Enter) -> None:
    shopper = enter("v2-payment", billing="yes")
    shopper.ask()

    shopper.window.get_by_test_id("close").click()

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_CANCELED"


@each_flavor("v1-payment", "v2-payment", without_ci="v2-payment")
def test_the_cross_rejects_where_it_is_switched_so(enter: Enter, flavor: str, cross_rejects: None) -> None:
    shopper = enter(flavor, billing="yes")
    shopper.ask()

    shopper.window.get_by_test_id("close").click()

    assert shopper.result()["rejected"] == "USER_CANCEL"


def test_a_cancel_still_comes_back_to_the_fail_page_where_the_cross_rejects(
    enter: Enter, cross_rejects: None
) -> None:
    shopper = enter("v2-payment", billing="yes")

    shopper.control("close")

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_CANCELED"


def test_a_page_of_its_own_has_nobody_to_reject_to(enter: Enter, cross_rejects: None) -> None:
    shopper = enter("v2-payment", billing="yes", on_phone=True)
    shopper.ask()
    shopper.page.wait_for_url("**/checkout/billing**")

    shopper.page.get_by_test_id("close").click()

    assert shopper.arrival("/fail")["code"] == "PAY_PROCESS_CANCELED"
