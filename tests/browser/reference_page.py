"""The reference as its reader uses it: an operation is unfolded, and Execute is pressed."""

import re

from playwright.sync_api import Locator, expect

SHOWN_STATUS = ".live-responses-table tbody .response-col_status"


def press(block: Locator) -> int:
    """Unfold an operation, press Execute, and return the status that is shown."""
    block.locator(".opblock-summary-control").first.click()
    block.locator(".execute").click()
    status = block.locator(SHOWN_STATUS).first
    expect(status).to_have_text(re.compile(r"\d{3}"), timeout=20_000)
    return int(status.inner_text().split()[0])
