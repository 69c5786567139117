from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from testkit.depth import depth
from tests.browser.checkout.shopper import Shopper, new_order, shop_address
from tests.browser.checkout.site import SCRIPTS, running_shop
from tests.browser.conftest import Profiles, Provider, Visit

Enter = Callable[..., Shopper]
OpenPage = Callable[..., Visit]

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/131.0.0.0 Mobile Safari/537.36",
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def shop(provider: Provider) -> Iterator[str]:
    """Serve a shop's pages from an origin of its own."""
    with running_shop(provider.url) as address:
        yield address


@pytest.fixture
def open_page(profiles: Profiles) -> OpenPage:
    """Lend a way to open pages, on a desktop or a phone."""

    def open_page(url: str, language: str = "ko-KR", *, on_phone: bool = False) -> Visit:
        return profiles.open(url, locale=language, **(PHONE if on_phone else DESKTOP))

    return open_page


@pytest.fixture
def enter(open_page: OpenPage, provider: Provider, shop: str) -> Enter:
    """Lend a shopper on the page of a flavor; what else is named goes into the page's address."""

    def enter(flavor: str, language: str = "ko-KR", *, on_phone: bool = False, **wishes: str) -> Shopper:
        order = new_order()
        visit = open_page(shop_address(shop, flavor, order, **wishes), language, on_phone=on_phone)
        return Shopper(flavor, visit, order, provider.url)

    return enter


@pytest.fixture(scope="session")
def kept_page(all_profiles: Profiles) -> Iterator[Page]:
    """Keep a page on which a script can be loaded, the same one for all tests here."""
    page = all_profiles.keep_open(locale="ko-KR")
    yield page
    page.close()


@pytest.fixture
def page(kept_page: Page, profiles: Profiles) -> Page:
    """Lend the page to a test, which fails where the browser complains."""
    return kept_page


@pytest.fixture(params=sorted(SCRIPTS))
def flavor(request: pytest.FixtureRequest) -> str:
    """Name a script and a way to use it; a test runs once with each."""
    return str(request.param)


def each_flavor(*flavors: str, without_ci: str) -> pytest.MarkDecorator:
    """Run a test with each of these flavors, of all if none is named; without CI with a single one.

    That every flavor opens its window, pays in it and comes back is seen without CI too.
    """
    return pytest.mark.parametrize("flavor", depth(list(flavors or sorted(SCRIPTS)), [without_ci]))
