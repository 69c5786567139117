"""The reference in a real browser: it shows every operation, and each can be tried, with no internet."""

import base64

import pytest
from playwright.sync_api import expect

from testkit.depth import depth, waits_for_ci
from tests.browser.conftest import Profiles, Provider, Visitor
from tests.browser.reference_page import press

pytestmark = pytest.mark.a_few(2)

OPERATIONS = [
    "/v1/payments",
    "/v1/payments/confirm",
    "/v1/payments/{paymentKey}/cancel",
    "/v1/payments/{paymentKey}",
    "/v1/payments/orders/{orderId}",
]


@pytest.mark.parametrize("host", depth(["provider.test", "127.0.0.1"], ["provider.test"]))
def test_every_operation_is_shown_and_no_other_server_asked(
    provider: Provider, visitor: Visitor, host: str
) -> None:
    address = provider.url.replace("127.0.0.1", host)

    visit = visitor.open(f"{address}/docs")

    operations = visit.page.locator(".opblock-tag-section").first.locator(".opblock")
    expect(operations).to_have_count(len(OPERATIONS))
    shown = operations.locator("[data-path]").evaluate_all("paths => paths.map(path => path.dataset.path)")
    assert shown == OPERATIONS
    for width in (1280, 390):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visit.page.wait_for_load_state("networkidle")
    assert visit.hosts == {address.removeprefix("http://")}


CONTRACTS = ("kiosk", "toss", "control")


@pytest.mark.parametrize("contract", depth(CONTRACTS, ("toss",)))
def test_execute_answers_200_at_the_first_press(provider: Provider, visitor: Visitor, contract: str) -> None:
    page = visitor.open(f"{provider.url}/docs?contract={contract}").page

    assert press(page.locator(".opblock").first) == 200


@waits_for_ci
@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_operation_answers_200_at_the_first_press(
    provider: Provider, visitor: Visitor, profiles: Profiles, contract: str
) -> None:
    page = visitor.open(f"{provider.url}/docs?contract={contract}", "en-US").page
    blocks = page.locator(".opblock")
    blocks.first.wait_for()

    answered = {}
    for number in range(blocks.count()):
        block = blocks.nth(number)
        answered[block.get_attribute("id")] = press(block)
        # What is unfolded is drawn again with every press.
        block.locator(".opblock-summary-control").first.click()

    assert {name: status for name, status in answered.items() if status != 200} == {}
    if contract == "control":
        # A call with a key that nobody has is made there, for a sandbox that adopts it.
        profiles.excuse("(Unauthorized) at " + provider.url + "/v1/promotions")


def test_keys_are_offered_by_name_and_one_of_them_is_used(provider: Provider, visitor: Visitor) -> None:
    page = visitor.open(f"{provider.url}/docs?contract=toss").page
    keys = page.get_by_role("combobox", name="키")
    expect(keys.locator("option").first).to_have_text("toss · API 개별 연동 키 · test_sk_toss_dummy")

    keys.select_option("test_gsk_toss_dummy")

    confirm = page.locator(".opblock").first
    assert press(confirm) == 200
    used = base64.b64encode(b"test_gsk_toss_dummy:").decode()
    expect(confirm.locator(".curl")).to_contain_text(f"Basic {used}")


def test_a_korean_reader_reads_korean_and_can_switch(provider: Provider, visitor: Visitor) -> None:
    page = visitor.open(f"{provider.url}/docs?contract=kiosk").page
    create = page.locator(".opblock").first
    expect(create.locator(".opblock-summary-description")).to_contain_text("결제 만들기")
    expect(page.get_by_role("button", name="인증", exact=True)).to_be_visible()
    create.locator(".opblock-summary-control").first.click()
    expect(create.get_by_role("button", name="실행")).to_be_visible()
    expect(create.get_by_text("Parameters")).to_have_count(0)

    page.get_by_role("link", name="English").click()

    expect(create.locator(".opblock-summary-description")).to_contain_text("Create a payment")
    expect(page.get_by_role("button", name="Authorize")).to_be_visible()


def test_a_reader_turns_to_another_contract_in_the_same_language(
    provider: Provider, visitor: Visitor
) -> None:
    page = visitor.open(f"{provider.url}/docs?lang=en").page

    page.get_by_role("navigation", name="Contracts").get_by_role("link", name="toss").click()

    expect(page.get_by_role("heading", name="the toss contract")).to_be_visible()
