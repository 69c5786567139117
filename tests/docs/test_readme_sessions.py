"""What both READMEs show is what happens: their curl lines are run in order against a real server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testkit.processes import running_server

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ko.md")
SHOWN_SERVER = "http://localhost:9090"
MORE_FIELDS = re.compile(r", \.\.\.}$")
PAYMENT_KEY = r"(?:(?<=paymentKey=)|(?<=\"paymentKey\":\"))[A-Za-z0-9]{48}"
VARYING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+09:00)|token=\d+-[0-9a-f]{32}|" + PAYMENT_KEY,
)
LINE_END = re.compile(r"(?<!\\)\n")
CURL_FAILS = re.compile(r"curl: \((\d+)\)")


@dataclass(frozen=True)
class Exchange:
    """A command of a session with the answer that is shown beneath it."""

    command: str
    answer: str = ""


def read_exchanges(text: str) -> list[Exchange]:
    """Read the console blocks of a page, in order."""
    session = "\n".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL))
    commands = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    return [Exchange(*LINE_END.split(part.strip(), maxsplit=1)) for part in commands]


def exchanges_of(readme: str) -> list[Exchange]:
    return read_exchanges((ROOT / readme).read_text(encoding="utf-8"))


def masked(text: str) -> str:
    """Hide what differs from run to run: times, receipt tokens, and payment keys that the server makes."""
    return VARYING.sub("varies", text)


@dataclass(frozen=True)
class Given:
    """What a command gave: its output, and the HTTP status, 0 without one."""

    output: str
    status: int


class Session:
    """One shell in which commands are run one after another, with the server's address put in."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        script = 'curl() { command curl -sS -D "$FOLDER/head" "$@"; }\n'
        self._shell = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env={**os.environ, "FOLDER": str(folder), "NO_PROXY": "*"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._send(script)

    def run(self, command: str) -> Given:
        head = self._folder / "head"
        head.write_text("HTTP/1.1 0")
        self._send(f"{command.replace(SHOWN_SERVER, self._url)}\necho; echo :end:\n")
        lines: list[str] = []
        assert self._shell.stdout is not None
        for line in self._shell.stdout:
            if line.startswith(":end:"):
                break
            lines.append(line)
        status = int(head.read_text().split()[1]) if head.stat().st_size else 0
        return Given("".join(lines).strip().replace(self._url, SHOWN_SERVER), status)

    def close(self) -> None:
        self._shell.communicate("exit\n", timeout=10)

    def _send(self, text: str) -> None:
        assert self._shell.stdin is not None
        self._shell.stdin.write(text)
        self._shell.stdin.flush()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path) as server:
        session = Session(server.url, tmp_path)
        yield session
        session.close()


def assert_shown(shown: str, given: Given) -> None:
    """Check an answer; where more fields are hinted at, those shown must be among the given."""
    failure = CURL_FAILS.match(shown)
    if failure is not None:
        assert given.output.startswith(failure[0])
        return
    expected: dict[str, Any] = json.loads(MORE_FIELDS.sub("}", masked(shown)))
    answered: dict[str, Any] = json.loads(masked(given.output))
    assert (given.status < 400) == ("code" not in expected), given
    if MORE_FIELDS.search(shown):
        answered = {name: value for name, value in answered.items() if name in expected}
    assert answered == expected


@pytest.mark.parametrize("readme", READMES)
def test_the_sessions_give_the_answers_shown(readme: str, session: Session) -> None:
    for exchange in exchanges_of(readme):
        given = session.run(exchange.command)
        if exchange.answer:
            assert_shown(exchange.answer, given)


@pytest.mark.parametrize("readme", READMES)
def test_every_part_of_the_sessions_is_read(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")

    exchanges = exchanges_of(readme)

    assert len(exchanges) == len(re.findall(r"^\$ ", text, re.MULTILINE))
    assert all(exchange.answer for exchange in exchanges if exchange.command.startswith("curl"))


def test_both_readmes_show_the_same_sessions() -> None:
    english, korean = map(exchanges_of, READMES)

    assert english == korean
