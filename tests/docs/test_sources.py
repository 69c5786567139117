"""Every source that is cited has an entry in docs/sources.md, under the name that the citation uses."""

import io
import re
import subprocess
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "sources.md"
ROW = re.compile(r"^\| ([^|]+?) \| ([A-Z]?) ?\|", re.MULTILINE)
CITATION = re.compile(r"\b[Ss]ources?(?: of (?:the )?[\w ,]+)?: (.{,80})", re.DOTALL)
FILE_NAME = re.compile(r"\b\d{3}_[0-9a-f]{12,}|\b[\w-]+-(?:contract|core-api|answers|surface)\.md\b")
TEXT = {
    ".py",
    ".md",
    ".feature",
    ".js",
    ".html",
    ".css",
    ".toml",
    ".cfg",
    ".csv",
    ".svg",
    ".yaml",
    ".yml",
    ".ini",
}


def names() -> dict[str, str]:
    """Return the mark of each entry, "" where it has none, by the entry's name."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {name: mark for name, mark in rows if name not in {"name", "---"}}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and Path(name).suffix in TEXT]


def citations(code: str) -> list[str]:
    """Return what follows "source:" in the comments and strings of a module, on one line each."""
    if CITATION.search(code) is None:
        return []
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    said = "\n".join(token.string for token in tokens if token.type in {tokenize.STRING, tokenize.COMMENT})
    return [" ".join(cited.split()) for cited in CITATION.findall(said)]


def cites_an_entry(cited: str) -> bool:
    return any(name in cited for name in names())


def test_no_file_names_a_document_that_is_not_in_the_repository() -> None:
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked_files()
        if path != Path(__file__)
        for name in FILE_NAME.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / "docs" / name).exists()
    }

    assert named == set()


def test_every_source_that_the_code_cites_has_an_entry() -> None:
    cited = {
        f"{path.relative_to(ROOT)}: {source}"
        for path in tracked_files()
        if path.suffix == ".py" and path != Path(__file__)
        for source in citations(path.read_text(encoding="utf-8"))
        if not cites_an_entry(source)
    }

    assert cited == set()


def test_a_citation_is_found_and_one_of_an_unknown_source_too() -> None:
    assert citations('"""Limits; source: the public\n    reference, Payment object."""')[0].startswith(
        "the public reference"
    )
    assert not cites_an_entry("the colleague's memory")


def test_every_guide_that_the_code_names_has_an_entry() -> None:
    known = {name.removeprefix("the ") for name in names()}
    named = {
        words
        for path in tracked_files()
        if path.suffix in {".py", ".feature"}
        for words in re.findall(
            r"\bthe ((?:\w+ guide|public reference|cancel flow))\b", path.read_text("utf-8")
        )
    }

    assert named - known == set()


def test_the_marks_are_those_of_the_fidelity_page() -> None:
    page = (ROOT / "docs" / "toss-fidelity.md").read_text(encoding="utf-8")
    marks = set(re.findall(r"^\| ([A-Z]) \|", page, re.MULTILINE))

    assert {mark for mark in names().values() if mark} == marks
