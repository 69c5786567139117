"""The site of the documents can be built, with every page in its menu and no link that leads nowhere."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from testkit.depth import waits_for_ci
from testkit.made_once import made_once

ROOT = Path(__file__).parents[2]
BUILD = (sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir")
HAS_MKDOCS = importlib.util.find_spec("mkdocs") is not None
LINK = re.compile(r'href="([^"#?]+)')
ANCHOR_LINK = re.compile(r'href="([^":?#]*)#([^"]+)"')

pytestmark = pytest.mark.skipif(not HAS_MKDOCS, reason="needs mkdocs, which `make docs` installs")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "site", build) / "html"


def build(folder: Path) -> None:
    done = subprocess.run(
        [*BUILD, str(folder / "html")], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@waits_for_ci
def test_a_page_is_there_in_both_languages(site: Path) -> None:
    assert "The first payment" in (site / "first-payment.html").read_text("utf-8")
    assert "첫 결제" in (site / "ko" / "first-payment.html").read_text("utf-8")


def test_every_link_within_it_leads_somewhere(site: Path) -> None:
    for page in [*site.glob("*.html"), *site.glob("ko/*.html")]:
        if page.name == "404.html":
            continue
        linked = {link for link in LINK.findall(page.read_text("utf-8")) if ":" not in link}
        dead = [link for link in linked if not (page.parent / link).exists()]

        assert dead == [], page


def test_every_link_to_a_heading_finds_it_in_both_languages(site: Path) -> None:
    for page in [*site.glob("*.html"), *site.glob("ko/*.html")]:
        linked = set(ANCHOR_LINK.findall(page.read_text("utf-8")))
        dead = [
            (name, anchor)
            for name, anchor in linked
            if f'id="{unquote(anchor)}"' not in (page.parent / name if name else page).read_text("utf-8")
        ]

        assert dead == [], page


def test_its_pages_load_nothing_from_elsewhere(site: Path) -> None:
    for page in site.glob("*.html"):
        text = page.read_text("utf-8")

        assert '<script src="http' not in text, page
        assert '<link rel="stylesheet" href="http' not in text, page
