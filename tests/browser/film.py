"""The films of the READMEs, an answer that is lost and found: `python -m tests.browser.film` takes them anew.

Look at them before they are committed.
"""

import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from testkit.processes import running_server
from tests.browser.conftest import CHROMIUM, FLAGS, Profiles, Provider
from tests.browser.kiosk.conftest import Guest, running_shop
from tests.browser.pictures import FOLDER, SETTLING_MILLISECONDS

FILMS = {"en-US": "answer-lost-and-found.gif", "ko-KR": "answer-lost-and-found.ko.gif"}
CAPTIONS = {
    "en-US": [
        "1. The tester arms a fault: the next confirm is carried out, and its answer is lost",
        "2. A shopper orders at the kiosk",
        "3. The kiosk's page opens the payment window",
        "4. The kiosk heard no answer, asked again, and knows that it was paid",
        "5. The verdict: an answer was lost, and the shopper was charged once",
    ],
    "ko-KR": [
        "1. 다음 결제 승인은 처리되고 응답만 유실되도록 장애를 걸어 둡니다",
        "2. 구매자가 키오스크에서 주문합니다",
        "3. 키오스크 페이지가 결제창을 띄웁니다",
        "4. 키오스크는 응답을 못 받았지만, 다시 물어보고 결제된 것을 압니다",
        "5. 판정: 응답은 유실됐지만 구매자에게는 한 번만 청구됐습니다",
    ],
}
SCREEN = {"viewport": {"width": 1000, "height": 620}}
WIDTH = 800
COLOURS = 96
CAPTION = """text => {
  let bar = document.getElementById("caption-of-the-film");
  if (!bar) {
    bar = document.createElement("p");
    bar.id = "caption-of-the-film";
    Object.assign(bar.style, {
      position: "fixed", inset: "auto 0 0 0", margin: 0, padding: "14px 20px", zIndex: 2147483647,
      background: "#16201e", color: "#fff", font: "600 20px/1.3 system-ui, sans-serif", textAlign: "center",
    });
    document.body.append(bar);
  }
  bar.textContent = text;
}"""
"""Writes a caption onto the page."""


@dataclass
class Film:
    """Scenes, each with how long it stays, in milliseconds."""

    frames: list[Image.Image] = field(default_factory=list)
    lasting: list[int] = field(default_factory=list)

    def take(self, page: Page, caption: str, milliseconds: int = 2200) -> None:
        """Add what a page shows now, under a caption."""
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(SETTLING_MILLISECONDS)
        page.evaluate(CAPTION, caption)
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
        height = round(shot.height * WIDTH / shot.width)
        self.frames.append(shot.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(COLOURS))
        self.lasting.append(milliseconds)

    def save(self, path: Path) -> None:
        """Write the film, which begins again at its end."""
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=self.lasting, loop=0, optimize=True)


def shoot(film: Film, guest: Guest, inspector: Page, captions: list[str]) -> None:
    """Play it: the answer is lost after the card was charged, and the kiosk finds the payment."""
    armed, ordering, window, paid, verdict = captions
    inspector.get_by_test_id("recipe").first.get_by_role("button").click()
    expect(inspector.get_by_test_id("armed-fault")).to_have_count(1)
    film.take(inspector, armed)

    guest.choose("C4", popcorn=1, cola=1)
    guest.page.evaluate("scrollTo(0, 0)")
    film.take(guest.page, ordering)
    guest.order()
    order = guest.order_id
    guest.ask_for_the_window()
    guest.window.get_by_test_id("pay").click(trial=True)
    film.take(guest.page, window)
    guest.window.get_by_test_id("pay").click()
    guest.arrive("/payments/success.html", "paid")
    guest.page.evaluate("scrollTo(0, 0)")
    film.take(guest.page, paid, 2800)

    inspector.goto(inspector.url.replace("/break", f"/order/{order}"))
    inspector.locator("[data-at=proof]").click()
    inspector.locator(".proves").first.wait_for()
    film.take(inspector, verdict, 4500)


def main() -> None:
    """Take the film in each language."""
    with sync_playwright() as playwright, ExitStack() as open_ones:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        folder = open_ones.enter_context(TemporaryDirectory())
        command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
        for language, captions in CAPTIONS.items():
            # A server each, as the fault is armed for all orders.
            provider = Provider(open_ones.enter_context(running_server(command, Path(folder))).url)
            shop = open_ones.enter_context(running_shop(provider, "widget"))
            pages = Profiles(browser)
            guest = Guest(shop, pages.open(shop, locale=language, **SCREEN), on_phone=False)
            guest.wait()
            inspector = pages.open(f"{provider.url}/inspector#/toss/break", locale=language, **SCREEN).page
            inspector.locator("#view section").wait_for()
            film = Film()
            shoot(film, guest, inspector, captions)
            film.save(FOLDER / FILMS[language])
        browser.close()


if __name__ == "__main__":
    main()
