"""Calls and webhooks lead to each other in the page, calls are made again, and calls of nobody show up."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from testkit.receiver import Receiver
from tests.browser.conftest import Profiles
from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(2)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.stop()


@pytest.fixture
def told(toss_merchant: Merchant, receiver: Receiver) -> Merchant:
    """Lend a merchant who was told by a webhook of the order that it confirmed."""
    toss_merchant.sandbox.webhooks.to(receiver.url)
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000)
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    receiver.wait_for(1)
    return toss_merchant


def row(page: Page, text: str) -> Locator:
    return page.get_by_test_id("story-row").filter(has_text=text).first


def opened(row: Locator) -> Locator:
    row.locator("summary").click()
    return row


@pytest.mark.parametrize("view", ["order/order_1", "requests"])
def test_a_call_is_made_again(inspector: Inspector, merchant: Merchant, view: str) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, view)
    rows = page.get_by_test_id("story-row").filter(has_text="confirm")
    expect(rows).to_have_count(1)

    opened(rows.first).get_by_role("button", name="Replay").click()

    expect(page.get_by_role("status")).to_have_text("Made again: 200")
    expect(rows).to_have_count(2)
    merchant.sandbox.journal.assert_called("confirm", count=2)


def test_a_call_that_was_made_again_leads_to_the_first(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    first = merchant.sandbox.journal.calls("confirm")[0]["id"]
    merchant.sandbox.journal.replay(first)
    page = inspector.open(merchant.sandbox, "order/order_1")
    rows = page.get_by_test_id("story-row").filter(has_text="confirm")

    opened(rows.last).get_by_role("link", name=f"repeats call {first}").click()

    expect(rows.first.locator("details")).to_have_attribute("open", "")
    assert "/order/order_1" in page.url


def test_a_call_that_can_not_be_made_again_says_why(
    inspector: Inspector, toss_merchant: Merchant, profiles: Profiles
) -> None:
    toss_merchant.ask("/v1/payments/key-in", {"cardNumber": "4330123412341234", "amount": 1000})
    page = inspector.open(toss_merchant.sandbox, "requests")

    opened(row(page, "key-in")).get_by_role("button", name="Replay").click()

    expect(page.get_by_role("status")).to_contain_text("the journal masks a secret in its body")
    profiles.excuse("/replay")


def test_a_call_and_its_webhook_lead_to_each_other_in_the_story(inspector: Inspector, told: Merchant) -> None:
    call = told.sandbox.journal.calls("confirm")[0]["id"]
    page = inspector.open(told.sandbox, "order/order_1")
    confirm = page.locator(f"[data-evidence='journal {call}']")
    webhook = page.locator("[data-evidence^='delivery']")

    opened(confirm).get_by_role("link", name="caused the webhook PAYMENT_STATUS_CHANGED → 200").click()
    expect(webhook.locator("details")).to_have_attribute("open", "")
    expect(webhook.locator("summary")).to_be_focused()

    webhook.get_by_role("link", name=f"caused by call {call}").click()
    expect(confirm.locator("summary")).to_be_focused()


def test_a_webhook_leads_to_its_call_and_back_between_the_views(inspector: Inspector, told: Merchant) -> None:
    page = inspector.open(told.sandbox, "webhooks")

    opened(row(page, "order_1")).get_by_role("link", name="caused by call").click()

    call = row(page, "confirm")
    expect(call.locator("details")).to_have_attribute("open", "")
    call.get_by_role("link", name="caused the webhook").click()
    expect(row(page, "order_1").locator("details")).to_have_attribute("open", "")
    expect(page.get_by_role("heading", name="Webhooks")).to_be_visible()


def test_a_webhook_without_a_call_says_what_caused_it(inspector: Inspector, told: Merchant) -> None:
    payment = told.sandbox.payments()[0]["paymentKey"]
    told.sandbox.webhooks.forge_of(payment)
    page = inspector.open(told.sandbox, "webhooks")

    forged = opened(page.get_by_test_id("story-row").filter(has_text="forged").first)

    expect(forged).to_contain_text("Forged: no call caused it.")


def test_a_link_to_a_call_finds_one_that_is_not_among_the_newest(
    inspector: Inspector, merchant: Merchant
) -> None:
    for number in range(110):
        merchant.create(f"order_{number:03}")
    oldest = merchant.sandbox.journal.calls(limit=1)[0]["id"]

    page = inspector.open(merchant.sandbox, f"requests/{oldest}")

    rows = page.get_by_test_id("story-row")
    expect(rows).to_have_count(101)
    expect(rows.last).to_contain_text('"orderId": "order_000"')


def stray(merchant: Merchant) -> str:
    """Call with a key that nobody has, and return how that begins."""
    key = f"test_sk_{uuid4().hex}"
    requests.get(f"{merchant.sandbox.base_url}/v1/payments/pay_{key[-6:]}", auth=(key, ""), timeout=10)
    return key[-6:]


def test_a_call_with_an_unknown_key_shows_up_among_the_requests_by_itself(
    inspector: Inspector, merchant: Merchant
) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "requests")
    expect(page.get_by_test_id("story-row")).to_have_count(2)

    mark = stray(merchant)

    came = page.get_by_test_id("stray").filter(has_text=mark)
    expect(came).to_contain_text("unknown key", timeout=4000)
    # Other tests may call with unknown keys meanwhile, and so stand above all of them.
    of_this_test = page.locator("#view li").filter(has_text=re.compile(f"{mark}|order_1"))
    expect(of_this_test.first).to_contain_text(mark)


def test_a_sandbox_is_made_for_its_key_there(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox, "requests")
    came = page.get_by_test_id("stray").filter(has_text=stray(merchant))

    opened(came).get_by_role("button", name="Make a sandbox with this key").click()

    expect(page.get_by_role("status")).to_contain_text("The sandbox is there")
    expect(page.locator("#sandbox")).not_to_have_value(merchant.sandbox.id)
