"""The vendor's own loaders and type declarations, against our scripts."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from testkit.depth import waits_for_ci
from tests.browser.checkout.conftest import OpenPage
from tests.browser.checkout.packages import install_packages, members
from tests.browser.checkout.site import running_shop
from tests.browser.conftest import Profiles, Provider

pytestmark = waits_for_ci

PageOf = Callable[[str], Page]
LOADERS = {
    "v2": "tosspayments-sdk/dist/index.esm.js",
    "v1": "payment-sdk/dist/tosspayments.esm.js",
    "widget": "payment-widget-sdk/dist/index.esm.js",
}
PAGE = b"""<!doctype html>
<html lang="ko"><head><title>shop</title><link rel="icon" href="/icon.svg"></head>
<body><div id="methods"></div></body></html>"""


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_packages(tmp_path_factory)


@pytest.fixture(scope="session")
def loader_shop(packages: Path, provider: Provider) -> Iterator[str]:
    """Serve the loaders as a shop's own files."""
    files = {
        f"{name}-loader.js": ("text/javascript", (packages / path).read_bytes())
        for name, path in LOADERS.items()
    }
    with running_shop(provider.url, {"loaders": ("text/html", PAGE), **files}) as address:
        yield address


@pytest.fixture
def page(open_page: OpenPage, loader_shop: str) -> Page:
    return open_page(f"{loader_shop}/loaders").page


@pytest.fixture(scope="session")
def kept_pages(all_profiles: Profiles, loader_shop: str) -> PageOf:
    """Lend a page for each loader, on which its script stays from test to test."""

    @cache
    def lend(loader: str) -> Page:
        page = all_profiles.keep_open(locale="ko-KR")
        page.goto(f"{loader_shop}/loaders?{loader}")
        return page

    return lend


@pytest.fixture
def page_of(kept_pages: PageOf, profiles: Profiles) -> PageOf:
    """Lend the kept pages to a test, which fails where the browser complains."""
    return kept_pages


def load(page: Page, call: str) -> None:
    """Load a script by the loader's own function, and keep what it gave as `sdk`."""
    page.evaluate(f"async () => {{ {call} }}")


def load_v2(page: Page, provider: Provider, key: str) -> None:
    load(
        page,
        f"const {{ loadTossPayments }} = await import('/v2-loader.js');"
        f"window.sdk = await loadTossPayments('{key}', {{ src: '{provider.url}/v2/standard' }});",
    )


def load_v1(page: Page, provider: Provider) -> None:
    load(
        page,
        "const { loadTossPayments } = await import('/v1-loader.js');"
        f"window.sdk = await loadTossPayments('test_ck_toss_dummy', {{ src: '{provider.url}/v1' }});",
    )


def load_widget(page: Page, provider: Provider) -> None:
    load(
        page,
        "const { loadPaymentWidget, ANONYMOUS } = await import('/widget-loader.js');"
        "window.sdk = await loadPaymentWidget('test_gck_toss_dummy', ANONYMOUS, {}, "
        f"{{ src: '{provider.url}/v1/payment-widget' }});",
    )


def pay(page: Page) -> str:
    """Pay in the window that was asked for, and return the order that the promise names."""
    window = page.frame_locator("#___tosspayments_iframe___")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()
    order: str = page.evaluate("asked.then((payment) => payment.orderId)")
    return order


def test_the_v2_loader_pays(page: Page, provider: Provider) -> None:
    load_v2(page, provider, "test_ck_toss_dummy")

    page.evaluate(
        """() => { window.asked = sdk.payment({ customerKey: TossPayments.ANONYMOUS }).requestPayment({
            method: 'CARD', amount: { value: 1000, currency: 'KRW' },
            orderId: 'npm-v2-1', orderName: '팝콘' }); }"""
    )

    assert pay(page) == "npm-v2-1"


def test_the_v1_loader_pays(page: Page, provider: Provider) -> None:
    load_v1(page, provider)

    page.evaluate(
        """() => { window.asked = sdk.requestPayment('카드',
            { amount: 1000, orderId: 'npm-v1-1', orderName: '팝콘' }); }"""
    )

    assert pay(page) == "npm-v1-1"


def test_the_widget_loader_pays(page: Page, provider: Provider) -> None:
    load_widget(page, provider)

    page.evaluate(
        """async () => {
            const methods = sdk.renderPaymentMethods('#methods', 1000);
            await new Promise((resolve) => methods.on('ready', resolve));
        }"""
    )
    page.frame_locator("#methods iframe").get_by_test_id("issuer-41").check()
    page.evaluate(
        """() => {
            window.asked = sdk.requestPayment({ orderId: 'npm-widget-1', orderName: '팝콘' });
            window.asked.catch(() => {});
        }"""
    )

    assert pay(page) == "npm-widget-1"


def test_a_loader_can_clear_the_script_away(page: Page, provider: Provider) -> None:
    load_v2(page, provider, "test_ck_toss_dummy")

    page.evaluate("async () => (await import('/v2-loader.js')).clearTossPayments()")

    assert page.evaluate("[typeof window.TossPayments, document.querySelectorAll('script[src]').length]") == [
        "undefined",
        0,
    ]


def declared(packages: Path, file: str, opening: str) -> set[str]:
    return members((packages / file).read_text("utf-8"), opening)


V2_TYPES = "tosspayments-sdk/types/index.d.ts"


@pytest.mark.parametrize(
    ("opening", "key", "expression"),
    [
        ("interface TossPaymentsSDK {", "test_ck_toss_dummy", "sdk"),
        (
            "interface TossPaymentsPayment {",
            "test_ck_toss_dummy",
            "sdk.payment({ customerKey: 'customer-1' })",
        ),
        (
            "interface TossPaymentsBrandpay {",
            "test_ck_toss_dummy",
            "sdk.brandpay({ customerKey: 'customer-1' })",
        ),
        (
            "interface TossPaymentsWidgets {",
            "test_gck_toss_dummy",
            "sdk.widgets({ customerKey: 'customer-1' })",
        ),
    ],
)
def test_v2_has_the_methods_of_its_types(
    page_of: PageOf, provider: Provider, packages: Path, opening: str, key: str, expression: str
) -> None:
    page = page_of("v2")
    load_v2(page, provider, key)

    assert set(page.evaluate(f"Object.keys({expression})")) == declared(packages, V2_TYPES, opening)


@pytest.mark.parametrize(
    ("opening", "expression"),
    [
        ("interface WidgetPaymentMethodWidget {", "w.renderPaymentMethods({ selector: '#methods' })"),
        ("interface WidgetAgreementWidget {", "w.renderAgreement({ selector: '#methods' })"),
        ("interface WidgetPaymentWindow {", "w.renderPaymentWindow()"),
    ],
)
def test_v2_renders_what_its_types_say(
    page_of: PageOf, provider: Provider, packages: Path, opening: str, expression: str
) -> None:
    page = page_of("v2")
    load_v2(page, provider, "test_gck_toss_dummy")

    rendered = page.evaluate(
        f"""async () => {{
            const w = sdk.widgets({{ customerKey: 'customer-1' }});
            await w.setAmount({{ value: 1000, currency: 'KRW' }});
            return Object.keys(await {expression});
        }}"""
    )

    assert set(rendered) == declared(packages, V2_TYPES, opening)


def test_v1_has_the_methods_of_its_types(page_of: PageOf, provider: Provider, packages: Path) -> None:
    page = page_of("v1")
    load_v1(page, provider)
    file, opening = (
        "payment__types/types/tosspayments.d.ts",
        "function TossPayments(clientKey: string, options?: TossPaymentsOptions): {",
    )

    assert set(page.evaluate("Object.keys(sdk)")) == declared(packages, file, opening)
    assert page.evaluate("typeof TossPayments.version") == "string"


@pytest.mark.parametrize(
    ("opening", "expression"),
    [
        ("interface PaymentWidget$1 {", "sdk"),
        ("interface PaymentMethodsWidget {", "sdk.renderPaymentMethods('#methods', 1000)"),
        ("interface AgreementWidget {", "sdk.renderAgreement('#methods')"),
    ],
)
def test_the_v1_widget_has_the_methods_of_its_types(
    page_of: PageOf, provider: Provider, packages: Path, opening: str, expression: str
) -> None:
    page = page_of("widget")
    load_widget(page, provider)

    file = "payment-widget__types/types/index.d.ts"
    assert set(page.evaluate(f"Object.keys({expression})")) == declared(packages, file, opening)
    assert page.evaluate("[PaymentWidget.ANONYMOUS, typeof PaymentWidget.version]") == [
        "@@ANONYMOUS",
        "string",
    ]
