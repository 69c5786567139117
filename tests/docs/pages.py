"""What tests of several kinds read out of the documents."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def anchors_of(page: Path) -> list[str]:
    """Return the anchors of a page's headings in their order, as they are made of the headings' words."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def prose_of(page: Path) -> str:
    """Return a page without its blocks of code."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def korean_version(link: str, folder: Path = ROOT) -> str:
    """Return the Korean page or film beside the linked one, where there is one; else the link."""
    name, mark, anchor = link.partition("#")
    korean = re.sub(r"\.(md|gif)$", r".ko.\1", name)
    return f"{korean}{mark}{anchor}" if (folder / korean).is_file() else link
