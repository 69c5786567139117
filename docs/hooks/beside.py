"""Fits the pages, which are read in a repository too, into the site.

Features come along as they are. Other files beside `docs/` are named and not linked. A link to the same
page in the other language leads there; what else is linked is met in the reader's language.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
FEATURE = re.compile(r"\]\(\.\./(features/[\w/]+\.feature)\)")
BESIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")
KOREAN = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.ko\.md(#[^)]*)?\)")
TO_ENGLISH = re.compile(r"^\[English\]\(([\w-]+)\.md\)$", re.MULTILINE)


def on_files(files: Files, config: Any) -> Files:
    """Add the features to what the site serves."""
    for path in sorted(ROOT.glob("features/**/*.feature")):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Return the page as the site shows it."""
    text = BESIDE.sub(r"\1", FEATURE.sub(r"](\1)", markdown))
    if page.file.dest_uri.startswith("ko/"):
        return KOREAN.sub(r"[\1](\2.md\3)", TO_ENGLISH.sub(r'<a href="../\1.html">English</a>', text))
    return KOREAN.sub(r'<a href="ko/\2.html">\1</a>', text)
