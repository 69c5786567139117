"""What a checker for accessibility says of a page."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

CHECKER = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Colours are judged as they settle.
SETTLED = "Promise.allSettled(document.getAnimations().map((animation) => animation.finished))"


def problems(page: Page, *, frames: bool = True) -> list[str]:
    """Name what the checker finds, however slight; `frames` of other pages are looked into, or left out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(CHECKER)
    page.evaluate(SETTLED)
    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": frames}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{one['impact']}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in found]
