"""The page of figures, docs/benchmarks.md: a whole run puts its report where the last of its kind was."""

import re
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.errors import PageError

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def write_report(name: str, report: str, page: Path = PAGE) -> None:
    """Put a report between the two marks of its name on the page, with the day of the run.

    Raises:
        PageError: the page lacks the marks.
    """
    begin, end = f"<!-- report: {name} -->", f"<!-- end of report: {name} -->"
    text = page.read_text()
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if place.search(text) is None:
        raise PageError(f"{page.name} has no lines {begin} and {end}")
    written = f"{begin}\n```\n{datetime.now(UTC):%d %B %Y}\n{report.strip()}\n```\n{end}"
    page.write_text(place.sub(lambda _: written, text))
