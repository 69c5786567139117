"""The menu for everybody: by keyboard, by ear, and in either language."""

from collections.abc import Callable

from playwright.sync_api import expect

from testkit.depth import waits_for_ci
from tests.browser.kiosk.conftest import Guest

pytestmark = waits_for_ci

Enter = Callable[..., Guest]


def test_the_cart_survives_a_change_of_the_language(enter: Enter) -> None:
    guest = enter("terminal")
    guest.choose("C4", cola=2)

    guest.page.get_by_test_id("language").click()
    guest.wait()

    expect(guest.page.get_by_test_id("order")).to_have_text("Order for ₩19,000")
    expect(guest.page.get_by_test_id("seat-C4")).to_have_attribute("aria-pressed", "true")


def test_the_cart_ends_with_the_order(enter: Enter) -> None:
    guest = enter("terminal")
    guest.choose(cola=2)
    guest.order()

    guest.open()

    expect(guest.page.get_by_test_id("count-cola")).to_have_text("0")


def test_arrow_keys_go_from_seat_to_seat_past_those_that_are_sold(enter: Enter) -> None:
    guest = enter("terminal")
    guest.call("/api/v1/orders", buyer="Lee", seats=["B3"])
    guest.open()
    guest.page.get_by_test_id("seat-A2").focus()

    for key in ("ArrowDown", "ArrowRight"):
        guest.page.keyboard.press(key)

    expect(guest.page.get_by_test_id("seat-B4")).to_be_focused()


def test_a_seat_says_its_row_and_number(enter: Enter) -> None:
    guest = enter("terminal")
    expect(guest.page.get_by_role("button", name="C열 4번 좌석")).to_be_visible()


def test_the_total_is_announced(enter: Enter) -> None:
    guest = enter("terminal")
    expect(guest.page.locator("[aria-live=polite]").get_by_test_id("total")).to_have_text("0원")


def test_who_sells_a_snack_is_named(enter: Enter) -> None:
    guest = enter("terminal")
    expect(guest.page.get_by_test_id("item-nachos")).to_contain_text("판매자: 나초 스탠드")


def test_a_page_is_busy_until_it_has_drawn_what_it_asked_for(enter: Enter) -> None:
    guest = enter("terminal")
    guest.page.route("**/api/v1/shop", lambda route: None)

    guest.page.goto(f"{guest.shop}/")

    expect(guest.page.get_by_role("main")).to_have_attribute("aria-busy", "true")
    guest.page.unroute("**/api/v1/shop")
    guest.open()
    expect(guest.page.get_by_role("main")).not_to_have_attribute("aria-busy", "true")
