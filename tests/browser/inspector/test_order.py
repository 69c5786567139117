"""The story of one order, and what can be done from it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from testkit.depth import depth
from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(2)


def test_the_story_is_told_in_lanes(inspector: Inspector, toss_merchant: Merchant) -> None:
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000)
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    page = inspector.open(toss_merchant.sandbox, "order/order_1")

    rows = page.get_by_test_id("story-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("opens the window → READY")
    expect(rows.nth(2)).to_contain_text("confirm → 200 now DONE")
    assert [row.get_attribute("data-lane") for row in rows.all()] == ["shopper", "shopper", "merchant"]


def test_a_press_shows_the_rows_that_prove_the_verdict(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")
    expect(page.get_by_test_id("judgement")).to_contain_text("OK charged once")

    page.get_by_role("button", name="Show the proof").click()

    proof = page.locator(".proves")
    expect(proof).to_have_count(1)
    expect(proof).to_contain_text("confirm")


def test_a_row_opens_to_the_request_and_the_answer(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    merchant.confirm("order_1", amount=9000)
    page = inspector.open(merchant.sandbox, "order/order_1")

    page.get_by_test_id("story-row").nth(1).locator("summary").click()

    inside = page.get_by_test_id("story-row").nth(1)
    expect(inside).to_contain_text("amount: sent 9000, stored 15000")
    expect(inside).to_contain_text("POST /v1/payments/confirm")
    expect(inside).to_contain_text('"amount": 9000')


def test_a_call_is_made_to_lose_its_next_answer(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")

    page.get_by_test_id("story-row").nth(1).locator("summary").click()
    page.get_by_role("button", name="Lose the next answer to this call").click()

    expect(page.get_by_test_id("armed")).to_have_text("1 armed")
    [fault] = merchant.sandbox.faults.armed()
    assert fault["match"] == {"operation": "confirm", "orderId": "order_1"}


def test_a_payment_is_let_expire(inspector: Inspector, toss_merchant: Merchant) -> None:
    toss_merchant.sandbox.shopper.pays("order_1", 15000)
    page = inspector.open(toss_merchant.sandbox, "order/order_1")

    page.get_by_role("button", name="Expire", exact=True).click()

    expect(page.get_by_test_id("judgement")).to_contain_text("the time to pay ran out")


def test_a_payment_is_settled(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")

    page.get_by_role("button", name="Settle").click()

    expect(page.get_by_role("button", name="Settle")).to_have_count(0)
    assert merchant.sandbox.payments()[0]["settledAt"] is not None


def test_a_webhook_is_sent_again(inspector: Inspector, toss_merchant: Merchant) -> None:
    toss_merchant.sandbox.webhooks.to("http://127.0.0.1:9/hooks")
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000)
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    page = inspector.open(toss_merchant.sandbox, "order/order_1")
    row = page.locator('[data-lane="webhook"]').first
    row.locator("summary").click()

    row.get_by_role("button", name="Resend", exact=True).click()

    expect(page.locator("#status")).to_have_text("Sent again")
    expect(page.get_by_test_id("judgement")).to_contain_text("webhook not taken")


@pytest.mark.parametrize(
    ("press", "status"), depth([("Let go", 200), ("Refuse", 403), ("Cut", 0)], [("Refuse", 403)])
)
def test_a_held_call_is_ended_from_its_order(
    inspector: Inspector, merchant: Merchant, pool: ThreadPoolExecutor, press: str, status: int
) -> None:
    merchant.create("order_1")
    merchant.sandbox.faults.hold("confirm")
    confirmed = pool.submit(merchant.confirm, "order_1")
    merchant.sandbox.faults.held(1)
    page = inspector.open(merchant.sandbox, "order/order_1")

    page.get_by_test_id("held-call").get_by_role("button", name=press).click()

    assert confirmed.result(timeout=30) == status
    expect(page.get_by_test_id("held-call")).to_have_count(0)


def test_a_second_call_is_compared_with_the_first(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    merchant.confirm("order_1", amount=9000)
    merchant.confirm("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")
    row = page.get_by_test_id("story-row").nth(2)

    row.locator("summary").click()

    expect(row).to_contain_text("Compared with the first call")
    expect(row).to_contain_text("amount: 9000 → 15000")
    expect(row).to_contain_text("status: 409 → 200")


def refuse_webhook(merchant: Merchant) -> None:
    merchant.sandbox.webhooks.to("http://127.0.0.1:9/hooks")
    opened = merchant.sandbox.shopper.pays("order_1", 15000)
    merchant.confirm("order_1", payment_key=opened["paymentKey"])


def attempts(merchant: Merchant) -> int:
    return sum(len(one["attempts"]) for one in merchant.sandbox.webhooks.deliveries())


def test_a_webhook_is_sent_twice_more(inspector: Inspector, toss_merchant: Merchant) -> None:
    refuse_webhook(toss_merchant)
    page = inspector.open(toss_merchant.sandbox, "order/order_1")
    row = page.locator('[data-lane="webhook"]').first
    row.locator("summary").click()
    before = attempts(toss_merchant)

    row.get_by_role("button", name="Resend twice").click()

    expect(page.locator("#status")).to_have_text("Sent again")
    assert attempts(toss_merchant) == before + 2


def test_the_clock_is_moved_to_the_next_attempt(inspector: Inspector, toss_merchant: Merchant) -> None:
    refuse_webhook(toss_merchant)
    page = inspector.open(toss_merchant.sandbox, "order/order_1")
    row = page.locator('[data-lane="webhook"]').first
    row.locator("summary").click()
    before = attempts(toss_merchant)

    row.get_by_role("button", name="Move the clock there").click()

    expect(page.get_by_test_id("clock")).to_contain_text("moved")
    assert attempts(toss_merchant) > before


def test_the_receipt_is_one_press_away(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "order/order_1")

    link = page.get_by_role("link", name="Open the receipt")
    assert "/receipts/" in str(link.get_attribute("href"))


def test_a_deposit_is_taken_back(inspector: Inspector, toss_merchant: Merchant) -> None:
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000, method="VIRTUAL_ACCOUNT")
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    page = inspector.open(toss_merchant.sandbox, "order/order_1")

    page.get_by_role("button", name="Deposit", exact=True).click()
    page.get_by_role("button", name="Take the deposit back").click()

    expect(page.get_by_test_id("judgement")).to_contain_text("waits for the deposit")


def test_a_window_that_waits_is_closed(inspector: Inspector, toss_merchant: Merchant) -> None:
    toss_merchant.sandbox.shopper.pays("order_1", 15000, outcome={"result": "wait"})
    page = inspector.open(toss_merchant.sandbox, "order/order_1")
    expect(page.get_by_role("link", name="Open the window")).to_be_visible()

    page.get_by_role("button", name="Close the window").click()

    expect(page.locator("#status")).to_have_text("Done")
