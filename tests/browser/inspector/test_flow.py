"""The flow: orders with their verdicts, live."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(3)


def test_an_order_shows_its_verdict(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox)

    row = page.get_by_test_id("order")
    expect(row).to_contain_text("order_1")
    expect(row).to_contain_text("15,000 KRW")
    expect(row).to_contain_text("confirms 1 · charged 1")
    expect(row).to_contain_text("OK charged once")


def test_an_order_comes_in_by_itself_on_top(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("order")).to_have_count(1)

    merchant.pay("order_2")

    expect(page.get_by_test_id("order")).to_have_count(2)
    expect(page.get_by_test_id("order").first).to_contain_text("order_2")


def test_an_empty_sandbox_teaches_how_to_call(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox)

    expect(page.get_by_test_id("teach")).to_contain_text("Listening for calls")
    expect(page.get_by_test_id("curl")).to_contain_text("/v1/payments/confirm")

    merchant.pay("order_1")
    expect(page.get_by_test_id("teach")).to_be_hidden()


def test_a_call_of_no_order_stands_among_them(inspector: Inspector, merchant: Merchant) -> None:
    merchant.ask("/v1/payments/pay_nobody", {}, "GET")
    page = inspector.open(merchant.sandbox)

    expect(page.get_by_test_id("call")).to_contain_text("GET /v1/payments/pay_nobody")
    expect(page.get_by_test_id("call")).to_contain_text("404")


def test_a_search_by_status_leaves_what_was_refused(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    merchant.create("order_2")
    merchant.confirm("order_2", amount=9000)
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("order")).to_have_count(2)

    page.keyboard.press("/")
    page.keyboard.type("status:4xx")

    expect(page.get_by_test_id("order")).to_have_count(1)
    expect(page.get_by_test_id("order")).to_contain_text("refused (AMOUNT_MISMATCH)")
    assert "q=status%3A4xx" in page.url


def test_from_here_hides_the_past_without_deleting_it(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("order")).to_have_count(1)

    page.get_by_role("button", name="From here").click()
    expect(page.get_by_test_id("order")).to_have_count(0)
    merchant.pay("order_2")
    expect(page.get_by_test_id("order")).to_contain_text("order_2")

    page.get_by_role("button", name="From here").click()
    expect(page.get_by_test_id("order")).to_have_count(2)


def test_a_paused_page_stands_still(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("order")).to_have_count(1)

    page.get_by_test_id("live").click()
    merchant.pay("order_2")
    page.wait_for_timeout(1500)
    assert page.get_by_test_id("order").count() == 1

    page.get_by_test_id("live").click()
    expect(page.get_by_test_id("order")).to_have_count(2)


def test_keys_move_along_the_rows_and_open_one(inspector: Inspector, merchant: Merchant) -> None:
    for number in (1, 2):
        merchant.pay(f"order_{number}")
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("order")).to_have_count(2)

    for key in ("j", "j", "k", "j", "Enter"):
        page.keyboard.press(key)

    expect(page.get_by_role("heading", level=1)).to_contain_text("order_1")


def test_a_key_loses_the_answer_of_the_order_that_is_chosen(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("order")).to_have_count(1)

    page.keyboard.press("j")
    page.keyboard.press("l")

    expect(page.get_by_test_id("armed")).to_have_text("1 armed")
    assert merchant.confirm("order_1") == 0
    expect(page.get_by_test_id("armed")).to_have_text("1 struck")
    expect(page.get_by_test_id("order")).to_contain_text("charged, and the answer never arrived")


def test_a_key_moves_the_clock(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("clock")).not_to_contain_text("moved")

    page.keyboard.press("+")

    expect(page.get_by_test_id("clock")).to_contain_text("moved")


def test_a_key_lists_the_keys(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox)

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_the_language_is_switched_in_place(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, language="ko-KR")
    expect(page.get_by_test_id("order")).to_contain_text("한 번만 청구됨")

    page.get_by_test_id("language").click()

    expect(page.get_by_test_id("order")).to_contain_text("charged once")
    page.evaluate("localStorage.clear()")


def test_names_full_of_markup_are_text(inspector: Inspector, toss_merchant: Merchant) -> None:
    name = "<img src=x onerror=\"document.title='gone'\">"
    toss_merchant.sandbox.shopper.pays("order_1", 15000, order_name=name)
    page = inspector.open(toss_merchant.sandbox)

    expect(page.get_by_test_id("order")).to_contain_text(name)
    assert page.locator("#view img").count() == 0


def test_a_held_call_stands_at_its_order(
    inspector: Inspector, merchant: Merchant, pool: ThreadPoolExecutor
) -> None:
    merchant.create("order_1")
    merchant.sandbox.faults.hold("confirm")
    page = inspector.open(merchant.sandbox)
    row = page.get_by_test_id("order")
    expect(row).to_have_count(1)

    confirmed = pool.submit(merchant.confirm, "order_1")
    merchant.sandbox.faults.held(1)

    expect(row.get_by_text("held", exact=True)).to_be_visible(timeout=7000)
    expect(page.get_by_test_id("held")).to_have_text("1 held")
    merchant.sandbox.faults.let_go()
    assert confirmed.result(timeout=30) == 200


def test_a_deposit_is_made_on_the_row_that_waits(inspector: Inspector, toss_merchant: Merchant) -> None:
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000, method="VIRTUAL_ACCOUNT")
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    page = inspector.open(toss_merchant.sandbox)
    expect(page.get_by_test_id("order")).to_contain_text("waits for the deposit")

    page.get_by_role("button", name="Deposit: order_1").click()

    expect(page.get_by_test_id("order")).to_contain_text("OK charged once")
    expect(page.get_by_role("button", name="Deposit: order_1")).to_be_hidden()


def test_a_fault_of_an_order_counts_on_its_row(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    page = inspector.open(merchant.sandbox)

    page.get_by_role("button", name="Lose next answer: order_1").click()
    expect(page.get_by_test_id("order")).to_contain_text("met 0 · struck 0")

    merchant.confirm("order_1")
    expect(page.get_by_test_id("order")).to_contain_text("met 1 · struck 1")


def test_a_call_with_a_key_that_nobody_has_gets_a_sandbox(inspector: Inspector, merchant: Merchant) -> None:
    key = f"test_sk_new{merchant.sandbox.id.replace('-', '')}"
    url = f"{merchant.sandbox.base_url}/v1/payments"
    page = inspector.open(merchant.sandbox)
    # Calls with unknown keys are in no sandbox: those of other tests stand there, too.
    mark = f"?of={merchant.sandbox.id}"
    requests.post(url + mark, json=merchant.body("order_1", 15000), auth=(key, ""), timeout=10)

    stray = page.get_by_test_id("stray").filter(has_text=mark)
    expect(stray).to_contain_text("unknown key POST /v1/payments", timeout=9000)
    expect(stray).to_contain_text("test_sk_ne...")
    stray.get_by_role("button", name="Make a sandbox with this key").click()
    expect(page.locator("#status")).to_contain_text("The sandbox is there")

    answer = requests.post(url, json=merchant.body("order_1", 15000), auth=(key, ""), timeout=10)
    assert answer.status_code == 200
    expect(page.get_by_test_id("order")).to_contain_text("order_1", timeout=9000)
