"""Fits the pages, which are read in a repository too, into the site.

Features come along as they are. Other files beside `docs/` are named and not linked. A link to the same
page in the other language leads there; what else is linked is met in the reader's language. A Korean heading
is found by the anchor of the English one in its place too, as pages that are in English only link to it.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx.slugs import slugify

ROOT = Path(__file__).parents[2]
FEATURE = re.compile(r"\]\(\.\./(features/[\w/]+\.feature)\)")
BESIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")
KOREAN = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.ko\.md(#[^)]*)?\)")
TO_ENGLISH = re.compile(r"^\[English\]\(([\w-]+)\.md\)$", re.MULTILINE)

HEADING = re.compile(r"^```.*?^```|^##+ ([^\n]+)$", re.MULTILINE | re.DOTALL)
slug = slugify(case="lower")


def on_files(files: Files, config: Any) -> Files:
    """Add the features to what the site serves."""
    for path in sorted(ROOT.glob("features/**/*.feature")):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Return the page as the site shows it."""
    if page.file.src_uri.endswith(".ko.md"):
        markdown = with_english_anchors(markdown, ROOT / "docs" / page.file.src_uri.replace(".ko.md", ".md"))
    text = BESIDE.sub(r"\1", FEATURE.sub(r"](\1)", markdown))
    if page.file.dest_uri.startswith("ko/"):
        return KOREAN.sub(r"[\1](\2.md\3)", TO_ENGLISH.sub(r'<a href="../\1.html">English</a>', text))
    return KOREAN.sub(r'<a href="ko/\2.html">\1</a>', text)


def with_english_anchors(markdown: str, english: Path) -> str:
    """Return a Korean page whose headings have the anchors of those in the same places of the English one."""
    names = [heading[1] for heading in HEADING.finditer(english.read_text(encoding="utf-8")) if heading[1]]
    english_names = iter(names)

    def anchored(heading: re.Match[str]) -> str:
        if not heading[1]:
            return heading[0]
        anchor = slug(next(english_names), "-")
        return heading[0] if anchor == slug(heading[1], "-") else f'<a id="{anchor}"></a>\n\n{heading[0]}'

    return HEADING.sub(anchored, markdown)
