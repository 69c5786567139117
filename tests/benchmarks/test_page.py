"""Each bench finds its place on the page of figures, and replaces nothing else there."""

from pathlib import Path

import pytest

from benchmarks.errors import PageError
from benchmarks.page import PAGE, write_report


@pytest.fixture
def page(tmp_path: Path) -> Path:
    copy = tmp_path / "benchmarks.md"
    copy.write_text(PAGE.read_text())
    return copy


@pytest.mark.parametrize(
    "name",
    ["server", "scale", "lists", "soak", "soak on a kept file", "control", "inspector", "peers"],
)
def test_a_report_takes_the_place_of_the_one_before(page: Path, name: str) -> None:
    before = page.read_text()

    write_report(name, "an old report \\1", page)
    write_report(name, "a new report", page)

    after = page.read_text()
    assert "\na new report\n```" in after
    assert "an old report" not in after
    mark = f"<!-- report: {name} -->"
    assert after.partition(mark)[0] == before.partition(mark)[0]


def test_a_report_without_a_place_is_refused(page: Path) -> None:
    with pytest.raises(PageError, match="report: nothing"):
        write_report("nothing", "text", page)
