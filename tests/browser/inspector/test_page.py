"""The page as a whole: everybody can use it, it asks nobody else, and it asks for a token if there is one."""

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from testkit.depth import depth
from testkit.processes import running_server
from tests.browser.accessibility import problems
from tests.browser.conftest import Profiles, Provider, Visitor
from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(3)

VIEWS = ["flow", "order/order_1", "requests", "webhooks", "break", "connect"]


def is_wider_than_the_screen(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return wide


@pytest.fixture
def busy(toss_merchant: Merchant) -> Merchant:
    """Give a sandbox an order with a lost answer and a webhook that is not taken."""
    sandbox = toss_merchant.sandbox
    sandbox.webhooks.to("http://127.0.0.1:9/hooks")
    sandbox.faults.lose_answer("confirm")
    opened = sandbox.shopper.pays("order_1", 15000)
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    toss_merchant.ask("/v1/payments/pay_nobody", {}, "GET")
    return toss_merchant


@pytest.mark.parametrize(
    ("view", "width"),
    depth(
        [(view, width) for view in VIEWS for width in (390, 1280)],
        [("order/order_1", 390), ("flow", 1280)],
    ),
)
def test_a_checker_finds_nothing(inspector: Inspector, busy: Merchant, view: str, width: int) -> None:
    page = inspector.open(busy.sandbox, view, width=width)
    expect(page.get_by_test_id("clock")).not_to_be_empty()
    for summary in page.locator("#view summary").all()[:3]:
        summary.click()

    assert problems(page) == []
    assert not is_wider_than_the_screen(page)


@pytest.mark.parametrize("view", depth(VIEWS, ["order/order_1"]))
def test_a_checker_finds_nothing_in_the_dark(
    profiles: Profiles, provider: Provider, busy: Merchant, view: str
) -> None:
    url = f"{provider.url}/inspector#/{busy.sandbox.id}/{view}"
    page = profiles.open(url, locale="ko-KR", color_scheme="dark", reduced_motion="reduce").page
    expect(page.get_by_test_id("clock")).not_to_be_empty()

    assert problems(page) == []
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(
    ("view", "asked", "names"),
    [
        ("break", "**/held-calls", ["Freeze"]),
        ("order/order_1", "**/orders/order_1", ["Copy as curl", "Copy as pytest", "Copy the story"]),
    ],
)
def test_nothing_can_be_pressed_before_what_it_needs_is_there(
    inspector: Inspector, busy: Merchant, view: str, asked: str, names: list[str]
) -> None:
    page = inspector.open(busy.sandbox, "connect")
    waiting: list[Route] = []
    page.route(asked, lambda route: waiting.append(route))

    page.goto(page.url.replace("connect", view))
    for name in names:
        expect(page.get_by_role("button", name=name)).to_be_disabled()

    page.wait_for_timeout(100)
    for route in waiting:
        route.continue_()
    # Other tests get the same page.
    page.unroute(asked)
    for name in names:
        expect(page.get_by_role("button", name=name)).to_be_enabled()


def test_it_asks_this_server_alone(visitor: Visitor, provider: Provider) -> None:
    visit = visitor.open(f"{provider.url}/inspector#/kiosk/flow")
    expect(visit.page.get_by_test_id("clock")).not_to_be_empty()

    assert visit.hosts == {provider.url.removeprefix("http://")}


def test_the_home_page_leads_to_it(visitor: Visitor, provider: Provider) -> None:
    page = visitor.open(provider.url, language="en-US").page

    page.get_by_role("link", name="Open the inspector").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Flow")


def test_a_payment_is_made_in_the_shops_place(visitor: Visitor, provider: Provider) -> None:
    page = visitor.open(f"{provider.url}/inspector#/tosspayments/flow", language="en-US").page

    page.get_by_role("button", name="Send them for me").click()

    expect(page.get_by_test_id("order")).to_contain_text("OK charged once")


def test_the_page_to_connect_says_when_something_arrives(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox, "connect")
    expect(page.get_by_test_id("arrived")).to_contain_text("No call has arrived yet.")

    merchant.pay("order_1")

    expect(page.get_by_test_id("arrived")).to_contain_text("order_1")


def test_the_requests_are_listed_with_the_newest_on_top(inspector: Inspector, merchant: Merchant) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "requests")

    rows = page.get_by_test_id("story-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("POST /v1/payments/confirm → 200")


def test_a_contract_without_webhooks_says_so(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox, "webhooks")

    expect(page.locator("#view")).to_contain_text("This contract has no webhooks.")


def test_a_webhook_is_forged_from_a_copy(inspector: Inspector, busy: Merchant) -> None:
    page = inspector.open(busy.sandbox, "webhooks")
    page.get_by_test_id("story-row").first.locator("summary").click()
    page.get_by_role("button", name="Forge from a copy").click()
    body = page.get_by_role("dialog", name="Forge a webhook").get_by_label("Body")
    body.fill(body.input_value().replace("15000", "1"))

    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_test_id("story-row").first).to_contain_text("forged")
    assert busy.sandbox.webhooks.deliveries()[-1]["forged"]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    serve = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(
        [*serve, "--control-token", "a-token-of-the-test"], tmp_path_factory.mktemp("locked")
    ) as server:
        yield server.url


def test_the_token_is_asked_once_and_kept(visitor: Visitor, locked: str) -> None:
    page = visitor.open(f"{locked}/inspector#/kiosk/flow", language="en-US").page

    page.get_by_role("textbox", name="Token").fill("a-token-of-the-test")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_test_id("teach")).to_be_visible()

    page.reload()
    expect(page.get_by_test_id("teach")).to_be_visible()


def test_the_payment_window_leads_to_the_order(
    visitor: Visitor, provider: Provider, toss_merchant: Merchant
) -> None:
    sandbox = toss_merchant.sandbox
    opened = sandbox.shopper.closes("order_1", 15000)
    url = f"{provider.url}/v1/payments/{opened['paymentKey']}/checkout?lang=en"
    page = visitor.open(url, language="en-US").page
    page.get_by_test_id("test-controls").locator("summary").click()

    link = page.get_by_test_id("inspector")
    assert link.get_attribute("href") == f"/inspector#/{sandbox.id}/order/order_1"


@pytest.mark.parametrize(("name", "ending"), [("Save the report", "json"), ("Save as HAR", "har")])
def test_a_sandbox_is_saved_for_a_report(
    inspector: Inspector, merchant: Merchant, name: str, ending: str
) -> None:
    merchant.pay("order_1")
    page = inspector.open(merchant.sandbox, "connect")

    with page.expect_download() as downloading:
        page.get_by_role("button", name=name).click()

    assert downloading.value.suggested_filename == f"{merchant.sandbox.id}.{ending}"
    assert "order_1" in downloading.value.path().read_text(encoding="utf-8")
