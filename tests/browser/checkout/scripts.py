"""Scripts on an empty page, and how their calls end."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Provider

API_KEY, WIDGET_KEY = "test_ck_toss_dummy", "test_gck_toss_dummy"
ORDER: dict[str, Any] = {"orderId": "order-1", "orderName": "팝콘"}


def load(page: Page, provider: Provider, script: str) -> None:
    """Load a script on an empty page, unless it is there from the test before."""
    address = f"{provider.url}/health?script={script}"
    if page.url != address:
        page.goto(address)
        page.add_script_tag(url=provider.url + script)


def thrown(page: Page, expression: str) -> Any:
    """Return the code that an expression throws at once, or None."""
    return page.evaluate(
        f"() => {{ try {{ {expression}; return null; }} catch (error) {{ return error.code; }} }}"
    )


def broken(page: Page, expression: str) -> Any:
    """Return the code that the promise of an expression breaks with; throwing at once is told apart."""
    return page.evaluate(
        f"""async () => {{
            let promise;
            try {{ promise = {expression}; }} catch (error) {{ return 'thrown ' + error.code; }}
            return promise.then((value) => ({{ kept: value }}), (error) => error.code);
        }}"""
    )
