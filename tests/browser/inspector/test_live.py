"""The page hears of what happens, and many tabs ask for it once."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from playwright.sync_api import Request, expect

from tests.browser.inspector.conftest import Inspector, Merchant


def test_many_tabs_ask_once(inspector: Inspector, merchant: Merchant) -> None:
    pages = [inspector.open(merchant.sandbox) for _ in range(3)]
    asked: list[int] = []

    def listen(number: int, request: Request) -> None:
        if "/control/events" in request.url:
            asked.append(number)

    for number, page in enumerate(pages):
        page.on("request", partial(listen, number))
    for turn in (1, 2):
        merchant.pay(f"order_{turn}")
        for page in pages:
            expect(page.get_by_test_id("order")).to_have_count(turn)

    assert len(set(asked)) == 1


def test_a_held_call_is_let_go(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    page = inspector.open(merchant.sandbox, "break")
    page.get_by_role("button", name="Arm: Hold").click()
    expect(page.get_by_test_id("armed-fault")).to_have_count(1)

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(merchant.confirm, "order_1")
        expect(page.get_by_test_id("held-call")).to_contain_text("confirm · order_1", timeout=9000)
        page.get_by_role("button", name="Let go").click()
        assert waiting.result() == 200

    expect(page.get_by_test_id("held-call")).to_have_count(0)
