"""A Korean page says what the English page beside it says: the same code, tables, links and sections."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import BLOCK, LINK, ROOT, anchors_of, korean_version, prose_of

KOREAN_PAGES = sorted(ROOT.glob("docs/*.ko.md"))
HANGUL = re.compile(r"[가-힣]")
COMMENT = re.compile(r"(^|\s)# .*$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
each_page = pytest.mark.parametrize("korean", KOREAN_PAGES, ids=lambda page: page.name)


def english_of(korean: Path) -> Path:
    """Return the page that a Korean page stands beside."""
    return korean.with_name(korean.name.replace(".ko.md", ".md"))


def blocks_of(page: Path) -> list[tuple[str, str]]:
    """Return the blocks of code with their languages, without comments: those are in the page's language."""
    text = page.read_text(encoding="utf-8")
    return [(language, COMMENT.sub("", block)) for language, block in BLOCK.findall(text)]


def rows_of(page: Path) -> list[list[str]]:
    """Return the cells of all rows of all tables."""
    rows = re.findall(r"^\|(.*)\|$", prose_of(page), re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in rows]


def links_of(page: Path, language_of_page: Path) -> list[str]:
    """Return where a page links to, but for the page in the other language."""
    links = LINK.findall(prose_of(page))
    return [link for link in links if link != language_of_page.name]


def link_in_korean(link: str, page: Path) -> str:
    """Return what an English page's link is on the Korean page: a heading is found by its place."""
    name, mark, anchor = link.partition("#")
    target = page.parent / name if name else page
    korean = page.parent / korean_version(name, page.parent) if name else page.with_suffix(".ko.md")
    if mark and korean != target:
        anchor = anchors_of(korean)[anchors_of(target).index(anchor)]
    return f"{korean_version(name, page.parent)}{mark}{anchor}"


def names_in(text: str) -> set[str]:
    """Return what a text sets in code; a line may end within."""
    return {" ".join(name.split()) for name in CODE.findall(text)}


def test_there_are_korean_pages() -> None:
    assert KOREAN_PAGES != []


@each_page
def test_each_page_leads_to_the_other_below_its_title(korean: Path) -> None:
    english = english_of(korean)

    assert english.read_text(encoding="utf-8").splitlines()[1:4] == ["", f"[한국어]({korean.name})", ""]
    assert korean.read_text(encoding="utf-8").splitlines()[1:4] == ["", f"[English]({english.name})", ""]


@each_page
def test_the_sections_are_the_same(korean: Path) -> None:
    levels = [re.findall(r"^#+(?= )", prose_of(page), re.MULTILINE) for page in (english_of(korean), korean)]

    assert levels[0] == levels[1]


@each_page
def test_the_code_is_the_same(korean: Path) -> None:
    assert blocks_of(korean) == blocks_of(english_of(korean))


@each_page
def test_the_links_lead_to_the_same_in_korean(korean: Path) -> None:
    english = english_of(korean)
    expected = [link_in_korean(link, english) for link in links_of(english, korean)]

    assert sorted(links_of(korean, english)) == sorted(expected)


@each_page
def test_every_name_in_code_is_on_both_pages(korean: Path) -> None:
    assert names_in(prose_of(korean)) == names_in(prose_of(english_of(korean)))


@each_page
def test_the_tables_have_the_same_rows(korean: Path) -> None:
    """What a cell names in code is the same, and a cell without a Korean word is the English one."""
    for english, translated in zip(rows_of(english_of(korean)), rows_of(korean), strict=True):
        assert [names_in(cell) for cell in translated] == [names_in(cell) for cell in english]
        assert [cell.replace(".ko.md", ".md") for cell in translated if not HANGUL.search(cell)] == [
            cell for cell, other in zip(english, translated, strict=True) if not HANGUL.search(other)
        ]
