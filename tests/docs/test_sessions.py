"""What pages for beginners show is what happens: each block is pasted twice, and a real server answers."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testkit.depth import depth
from testkit.processes import running_server

ROOT = Path(__file__).parents[2]
PAGES = {"README.md": 1, "docs/first-payment.md": 3}
"""How many blocks with answers each page has; the Korean page beside it has the same."""
BOTH = [name for page in PAGES for name in (page, page.replace(".md", ".ko.md"))]
SHOWN_SERVER = "http://localhost:9090"
MORE_FIELDS = re.compile(r", \.\.\.}$")
PAYMENT_KEY = r"(?:(?<=paymentKey=)|(?<=\"paymentKey\":\"))[A-Za-z0-9]{48}"
VARYING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+09:00)|token=\d+-[0-9a-f]{32}|" + PAYMENT_KEY + r"|(?<=_)\d{10}",
)
CURL_FAILS = re.compile(r"curl: \((\d+)\)")


@dataclass(frozen=True)
class Block:
    """Commands that are pasted at once, and the answers that are shown beneath them, one a line."""

    commands: str
    answers: tuple[str, ...]


def blocks_of(page: str) -> list[Block]:
    """Read the blocks of a page that have answers, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"```sh\n((?:(?!```).)*)```\n\n[^\n]+\n\n```text\n(.*?)```", text, re.DOTALL)
    return [Block(commands, tuple(answers.splitlines())) for commands, answers in found]


def masked(text: str) -> str:
    """Hide what differs from run to run: times, names, receipt tokens, and keys that the server makes."""
    return VARYING.sub("varies", text)


def paste(commands: str, url: str, folder: Path) -> list[str]:
    """Paste commands into a shell at once, with the server's address put in; returns its lines."""
    quiet = 'curl() { command curl -sS "$@"; }\n'
    done = subprocess.run(
        ["bash"],
        input=quiet + commands.replace(SHOWN_SERVER, url),
        cwd=folder,
        env={**os.environ, "NO_PROXY": "*"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return [line.replace(url, SHOWN_SERVER) for line in done.stdout.splitlines() if line]


@pytest.fixture
def server_url(tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path) as server:
        yield server.url


def assert_shown(shown: str, given: str) -> None:
    """Check an answer; where more fields are hinted at, those shown must be among the given."""
    failure = CURL_FAILS.match(shown)
    if failure is not None:
        assert given.startswith(failure[0])
        return
    expected: dict[str, Any] = json.loads(MORE_FIELDS.sub("}", masked(shown)))
    answered: dict[str, Any] = json.loads(masked(given))
    if MORE_FIELDS.search(shown):
        answered = {name: value for name, value in answered.items() if name in expected}
    assert answered == expected


# Both languages show the same blocks: see below.
@pytest.mark.parametrize("page", depth(BOTH, list(PAGES)))
def test_each_block_gives_the_answers_shown_as_often_as_it_is_pasted(
    page: str, server_url: str, tmp_path: Path
) -> None:
    for block in blocks_of(page) * 2:
        given = paste(block.commands, server_url, tmp_path)

        assert len(given) == len(block.answers), given
        for shown, line in zip(block.answers, given, strict=True):
            assert_shown(shown, line)
        # The names are made of the time in whole seconds.
        time.sleep(1 - time.time() % 1)


@pytest.mark.parametrize("page", BOTH)
def test_every_call_has_its_answer(page: str) -> None:
    blocks = blocks_of(page)

    assert len(blocks) == PAGES[page.replace(".ko.md", ".md")]
    for block in blocks:
        assert len(block.answers) == len(re.findall(r"^(?:curl|echo) ", block.commands, re.MULTILINE))


@pytest.mark.parametrize("page", BOTH)
def test_no_line_has_to_be_cleaned_before_it_is_pasted(page: str) -> None:
    assert not re.search(r"^\$ ", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_blocks(page: str) -> None:
    assert blocks_of(page) == blocks_of(page.replace(".md", ".ko.md"))


SAID_IN_KOREAN = {
    "대역 서버": "목(mock) 서버",
    "돈은 움직이지": "실제 돈은 오가지 않습니다",
    "응답만 잃어버리": "응답만 유실",
    "시간 옮기기": "시간 앞당기기",
    "어떤 API로 말할지": "어떤 API로 동작할지는 키에 따라 정해집니다",
    "곧 `KEY:`를": "즉, `KEY:`를",
    "사고가 나는": "장애로 이어지는",
    "시험하기": "테스트하기",
    "손님": "구매자",
}
"""What was translated word by word, and what a Korean developer says."""
KOREAN_PAGES = [ROOT / "README.ko.md", *ROOT.glob("docs/*.ko.md")]


@pytest.mark.parametrize("page", KOREAN_PAGES, ids=lambda page: page.name)
def test_korean_pages_say_it_as_korean_developers_do(page: Path) -> None:
    text = " ".join(page.read_text(encoding="utf-8").split())

    assert [translated for translated in SAID_IN_KOREAN if translated in text] == []


def test_nothing_is_installed_from_an_index_that_does_not_have_it() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("payments_mock/**/*.html")]

    asked = [
        (page.name, line)
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.search(r"(pip|uv|pipx) (tool )?install \S*payments[-_]mock", line)
        and "path/to/payments-mock" not in line
    ]

    assert asked == []
