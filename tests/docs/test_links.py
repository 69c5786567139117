"""Links between documents lead somewhere, and both READMEs tell the same commands."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import LINK, PAGES, ROOT, anchors_of, korean_version

COMMAND = re.compile(r"`((?:make|payments-mock)[^`]*)`")
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_resolves(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"\w+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize("pattern", [LINK, COMMAND], ids=["links", "commands"])
def test_both_readmes_name_the_same(pattern: re.Pattern[str]) -> None:
    """The Korean one leads to Korean pages wherever there are some."""
    english, korean = (
        set(pattern.findall((ROOT / name).read_text(encoding="utf-8"))) - {"README.md", "README.ko.md"}
        for name in ("README.md", "README.ko.md")
    )

    assert {korean_version(each) for each in english} == korean


def test_both_readmes_give_the_same_shell_lines() -> None:
    english, korean = (
        [
            line.partition("#")[0].strip()
            for block in SHELL.findall((ROOT / name).read_text(encoding="utf-8"))
            for line in block.splitlines()
        ]
        for name in ("README.md", "README.ko.md")
    )

    assert english == korean


def test_make_kiosk_takes_a_contract_and_a_port() -> None:
    command = ["make", "--dry-run", "kiosk", "CONTRACT=toss", "KIOSK_PORT=8888"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "kiosk --with-provider --provider-port 9090 --contract toss --port 8888" in shown


def test_every_make_target_is_listed_for_contributors() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert targets - {"help"} == set(re.findall(r"^\| `make (\w+)`", page, re.MULTILINE))
