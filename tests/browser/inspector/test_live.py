"""The page hears of what happens, and many tabs ask for it once."""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import requests
from playwright.sync_api import Page, Request, expect

from payments_mock.testing import RemoteServer
from testkit.depth import waits_for_ci
from testkit.processes import free_port, running_server
from tests.browser.conftest import Profiles, Provider
from tests.browser.inspector.conftest import Inspector, Merchant

TABS = 10
LOOK_AGAIN_MILLISECONDS = 5000


@waits_for_ci
def test_many_tabs_ask_once(inspector: Inspector, merchant: Merchant) -> None:
    pages = [inspector.open(merchant.sandbox) for _ in range(TABS)]
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


def hide(page: Page, is_hidden: bool) -> None:
    """Have a page believe that its tab was left, or came back."""
    page.evaluate(
        "(is) => { Object.defineProperty(document, 'hidden', { value: is, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        is_hidden,
    )


@waits_for_ci
def test_a_hidden_tab_asks_for_nothing(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox)
    merchant.pay("order_1")
    expect(page.get_by_test_id("order")).to_have_count(1)
    hide(page, True)
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    merchant.pay("order_2")
    page.wait_for_timeout(1000 + LOOK_AGAIN_MILLISECONDS)
    assert asked == []

    hide(page, False)
    expect(page.get_by_test_id("order")).to_have_count(2)


def test_a_server_that_restarts_is_found_again(profiles: Profiles, tmp_path: Path) -> None:
    port = free_port()
    serve = [sys.executable, "-m", "payments_mock", "serve", "--log-format", "none"]
    command = [*serve, "--port", str(port), "--data", str(tmp_path / "payments.db")]
    url = f"http://127.0.0.1:{port}"
    with running_server(command, tmp_path):
        page = profiles.open(f"{url}/inspector#/kiosk/flow", locale="en-US").page
        expect(page.get_by_test_id("teach")).to_be_visible()
    expect(page.get_by_test_id("live")).to_have_text("The server can't be reached", timeout=15000)

    with running_server(command, tmp_path):
        body = {"paymentKey": "pay_1", "orderId": "order_1", "amount": 15000}
        requests.post(f"{url}/v1/payments", json=body, auth=("test_sk_dummy", ""), timeout=10)
        expect(page.get_by_test_id("order")).to_contain_text("order_1", timeout=15000)
        expect(page.get_by_test_id("live")).to_have_text("live", timeout=15000)
        # A browser complains of what did not answer, and of nothing else.
        assert [complaint for complaint in profiles.tidy() if str(port) not in complaint] == []


@waits_for_ci
def test_calls_to_other_sandboxes_are_counted_until_they_are_looked_at(
    inspector: Inspector, merchant: Merchant, toss_merchant: Merchant
) -> None:
    page = inspector.open(merchant.sandbox)
    other = toss_merchant.sandbox
    option = page.locator(f"#sandbox option[value='{other.id}']")
    expect(option).to_have_text(f"{other.id} (toss)")

    for _ in range(2):
        toss_merchant.ask("/v1/payments/confirm", {})

    expect(option).to_have_text(f"{other.id} (toss) · 2")
    expect(page.get_by_test_id("unread")).to_contain_text("elsewhere")
    page.locator("#sandbox").select_option(other.id)
    expect(option).to_have_text(f"{other.id} (toss)")


def test_a_sandbox_that_is_made_meanwhile_is_listed_when_it_is_called(
    inspector: Inspector, merchant: Merchant, provider: Provider
) -> None:
    page = inspector.open(merchant.sandbox)
    expect(page.get_by_test_id("live")).to_contain_text("live")
    late = Merchant(RemoteServer(provider.url).sandbox("kiosk"))

    late.create("order_1")

    expect(page.locator(f"#sandbox option[value='{late.sandbox.id}']")).to_have_text(
        f"{late.sandbox.id} (kiosk) · 1"
    )
