"""The journal in the page: newest on top, read back page by page, and calls that are watched."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(2)


def tick(page: Page, *places: int) -> None:
    for place in places:
        page.get_by_test_id("story-row").nth(place).get_by_role("checkbox").check()


def test_ticked_calls_are_a_verify_that_holds(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "requests")

    tick(page, 0)

    watched = page.get_by_test_id("watch")
    expect(watched).to_contain_text("OK confirm ×1 · order_1")
    expect(watched).to_contain_text('sandbox.journal.assert_called("confirm", count=1, order_id="order_1")')


def test_what_is_watched_turns_when_another_call_comes(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "requests")
    tick(page, 0)
    expect(page.get_by_test_id("watch")).to_contain_text("OK confirm ×1")

    merchant.confirm("order_1")

    expect(page.get_by_test_id("watch")).to_contain_text("! confirm ×1 · order_1 · found 2")
    expect(page.get_by_test_id("watch")).to_contain_text("confirm order_1 → 200")


def test_several_ticks_are_watched_together_until_it_is_stopped(
    inspector: Inspector, merchant: Merchant
) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "requests")
    tick(page, 0, 1)
    watched = page.get_by_test_id("watch")
    expect(watched.locator("[data-tone=sound]")).to_have_count(2)

    page.get_by_role("button", name="Stop watching").click()

    expect(watched).to_have_count(0)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_calls_of_a_story_are_watched_too(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")

    tick(page, 1)

    expect(page.get_by_test_id("watch")).to_contain_text("OK confirm ×1 · order_1")


def test_older_requests_are_read_on_demand(inspector: Inspector, merchant: Merchant) -> None:
    for number in range(130):
        merchant.create(f"order_{number:03}")
    page = inspector.open(merchant.sandbox, "requests")
    rows = page.get_by_test_id("story-row")
    expect(rows).to_have_count(100)

    page.get_by_role("button", name="Show older requests").click()

    expect(rows).to_have_count(130)
    expect(page.get_by_role("button", name="Show older requests")).to_be_hidden()


def test_a_refusal_leads_to_the_reference(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    merchant.confirm("order_1", amount=9000)
    page = inspector.open(merchant.sandbox, "requests")
    page.get_by_test_id("story-row").first.locator("summary").click()

    page.get_by_role("link", name="Read the reference").click()

    expect(page.locator(".opblock.is-open")).to_contain_text("/v1/payments/confirm")
