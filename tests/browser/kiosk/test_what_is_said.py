"""What the pages say of money that did not move, or waits: what the shop knows, in a shopper's words."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import requests
from playwright.sync_api import expect

from testkit.depth import waits_for_ci
from tests.browser.conftest import Profiles
from tests.browser.kiosk.conftest import Guest
from tests.browser.kiosk.test_whole_way import looks_well

pytestmark = waits_for_ci

Enter = Callable[..., Guest]
RUNNING = "main => main.getAnimations({ subtree: true }).length"
"""How many things turn, or move in another way."""


def ordered(guest: Guest) -> str:
    """Place an order, and return its id."""
    guest.choose(cola=1)
    guest.order()
    return guest.order_id


def fail_page(guest: Guest, order: str, code: str) -> None:
    guest.open(f"/payments/fail.html?orderId={order}&code={code}&message=no")


def test_nothing_was_charged_is_said_of_an_open_order(enter: Enter) -> None:
    guest = enter("terminal")
    fail_page(guest, ordered(guest), "REJECT_CARD_COMPANY")

    expect(guest.page.get_by_test_id("not-charged")).to_be_visible()


def test_an_order_that_is_paid_is_never_said_to_cost_nothing(enter: Enter) -> None:
    guest = enter("terminal")
    order = ordered(guest)
    guest.press_pay()
    guest.arrive("/payments/success.html", "paid")

    fail_page(guest, order, "PAY_PROCESS_CANCELED")

    expect(guest.page.get_by_test_id("title")).to_have_text("이미 결제된 주문이에요")
    expect(guest.page.get_by_test_id("not-charged")).to_be_hidden()
    guest.page.get_by_test_id("see-order").click()
    guest.arrive("/payments/success.html", "paid")


def test_nothing_is_said_of_the_money_of_an_order_that_nobody_knows(enter: Enter) -> None:
    guest = enter("terminal")
    fail_page(guest, "00000000-0000-4000-8000-000000000000", "PAY_PROCESS_ABORTED")

    expect(guest.page.get_by_test_id("title")).to_have_text("결제하지 못했어요")
    expect(guest.page.get_by_test_id("not-charged")).to_be_hidden()


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("REJECT_CARD_COMPANY", "카드사에서 결제를 거절했어요"),
        ("EXCEED_MAX_AMOUNT", "카드사에서 결제를 거절했어요"),
        ("UNAUTHORIZED_KEY", "매장 쪽 문제로 결제하지 못했어요"),
        ("NOT_REGISTERED_BUSINESS", "매장 쪽 문제로 결제하지 못했어요"),
        ("PROVIDER_ERROR", "결제하지 못했어요"),
        ("PAY_PROCESS_CANCELED", "결제를 그만두셨어요"),
    ],
)
def test_card_shop_and_a_new_try_are_told_apart(enter: Enter, code: str, title: str) -> None:
    guest = enter("terminal")
    fail_page(guest, ordered(guest), code)

    expect(guest.page.get_by_test_id("title")).to_have_text(title)
    assert guest.page.title() == f"{title} · 달빛극장"
    expect(guest.page.locator("[aria-current=step]")).to_have_text("결제")


@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
def test_times_are_the_cinemas_wherever_the_browser_is(enter: Enter, profiles: Profiles, zone: str) -> None:
    guest = enter("terminal")
    order = ordered(guest)
    guest.press_pay()
    guest.arrive("/payments/success.html", "paid")
    approved = requests.get(f"{guest.shop}/api/v1/orders/{order}", timeout=10).json()["payment"]["approvedAt"]
    in_korea = datetime.fromisoformat(approved).astimezone(timezone(timedelta(hours=9)))

    address = f"{guest.shop}/payments/success.html?order={order}"
    page = profiles.open(address, locale="ko-KR", timezone_id=zone).page

    expect(page.locator("#facts")).to_contain_text(f"{in_korea.year}. {in_korea.month}. {in_korea.day}.")
    expect(page.locator("#facts")).to_contain_text(f"{(in_korea.hour + 11) % 12 + 1}:{in_korea.minute:02}")


def test_terms_that_are_not_agreed_to_have_their_own_sentence(enter: Enter) -> None:
    guest = enter()
    ordered(guest)
    guest.page.frame_locator("#agreement iframe").get_by_test_id("agree-all").uncheck()

    guest.press_pay()

    expect(guest.page.get_by_role("alert")).to_have_text("필수 약관에 동의해 주세요.")


def test_a_card_that_is_not_chosen_has_its_own_sentence(enter: Enter) -> None:
    guest = enter()
    ordered(guest)
    guest.page.frame_locator("#agreement iframe").get_by_test_id("agree-all").check()

    guest.press_pay()

    expect(guest.page.get_by_role("alert")).to_have_text("결제할 카드를 골라 주세요.")
    expect(guest.page.locator("#___tosspayments_iframe___")).to_have_count(0)


def test_a_window_that_is_closed_has_its_own_sentence(enter: Enter) -> None:
    guest = enter("window")
    ordered(guest)
    guest.press_pay()

    guest.control("cancel")

    expect(guest.page.get_by_role("alert")).to_have_text(
        "결제창을 닫으셨어요. 결제하기를 누르면 다시 열려요."
    )
    expect(guest.page.get_by_test_id("pay")).to_be_enabled()


def test_a_paid_order_has_come_to_the_last_step_and_names_its_method(enter: Enter) -> None:
    guest = enter("terminal")
    ordered(guest)
    guest.press_pay()
    guest.arrive("/payments/success.html", "paid")

    expect(guest.page.locator("[aria-current=step]")).to_have_text("완료")
    expect(guest.page.locator("#facts")).to_contain_text("카드")
    assert guest.page.title().startswith("결제가 완료됐어요")


def test_a_virtual_account_shows_where_to_pay(enter: Enter) -> None:
    guest = enter("window")
    order = ordered(guest)
    guest.page.evaluate(
        """(orderId) => {
          TossPayments('test_ck_toss_dummy').payment({ customerKey: TossPayments.ANONYMOUS }).requestPayment({
            method: 'VIRTUAL_ACCOUNT', amount: { value: 2500, currency: 'KRW' }, orderId, orderName: 'cola',
            successUrl: `${location.origin}/payments/success.html`,
            failUrl: `${location.origin}/payments/fail.html`,
          });
        }""",
        order,
    )
    guest.window.get_by_test_id("depositor").fill("이구매")
    guest.window.get_by_test_id("agree").check()
    guest.window.get_by_test_id("pay").click()

    guest.arrive("/payments/success.html", "waiting")
    expect(guest.page.get_by_test_id("deposit-account")).to_have_text(re.compile(r"\d{6,}"))
    expect(guest.page.get_by_test_id("deposit-bank")).to_have_text(re.compile("은행|우체국|뱅크"))
    expect(guest.page.get_by_test_id("deposit-amount")).to_have_text("2,500원")
    expect(guest.page.get_by_test_id("deposit-due")).to_have_text(re.compile(r"\d{4}"))
    assert guest.page.get_by_role("main").evaluate(RUNNING) == 0
    looks_well(guest)
    guest.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    guest.page.get_by_test_id("copy").click()
    expect(guest.page.get_by_test_id("copied")).to_have_text("복사했어요.")
