"""The shell lines of the documents can be pasted into any shell: zsh refuses patterns that match no file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
BLOCK = re.compile(r"^( *)```(sh|bash|zsh|shell|console)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
PROMPT = "$ "
COMMAND_IN_A_SENTENCE = re.compile(r"`((?:curl|pip|payments-mock|python|make|pytest|docker) [^`]+)`")
TAKEN_AS_THEY_ARE = re.compile(
    r"""\\.                          # one sign
    |'[^']*'
    |"(?:\\.|[^"\\])*"
    |(?:^|(?<=\s))\#[^\n]*           # a comment
    |\$\{[^}]*\}|\$[?*#@!$]          # a value, whatever signs name it
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
BETWEEN_WORDS = re.compile(r"[\s;|()]+|[<>]+&?|(?<=\s)&+(?=\s|$)|&&")
EXPANDED = re.compile(
    r"""[?*[\]]                      # names of files
    |\{.*,.*\}                       # one word for each
    |&                               # the end of the line, with the rest of it run as another
    |!                               # a line of before
    |^=.                             # in zsh, where a program is
    """,
    re.VERBOSE,
)


def commands_of(page: Path) -> list[str]:
    """Read the commands of a page: those in its shell blocks, and those in sentences."""
    text = page.read_text(encoding="utf-8")
    blocks = [typed(block) if language == "console" else block for _, language, block in BLOCK.findall(text)]
    return blocks + COMMAND_IN_A_SENTENCE.findall(text)


def typed(session: str) -> str:
    """Return the lines after prompts."""
    return "\n".join(line.removeprefix(PROMPT) for line in session.splitlines() if line.startswith(PROMPT))


def words_that_a_shell_expands(commands: str) -> list[str]:
    """Return the words that have signs with a meaning to a shell and without quotes."""
    words = BETWEEN_WORDS.split(TAKEN_AS_THEY_ARE.sub("_", commands))
    return [word for word in words if EXPANDED.search(word)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_shell_expands_what_is_meant_as_it_is(page: Path) -> None:
    found = {command: words_that_a_shell_expands(command) for command in commands_of(page)}

    assert {command: words for command, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "line",
    [
        "curl http://localhost:9090/orders?status=PENDING",
        "curl http://localhost:9090/journal?wait=5&count=2",
        "curl http://localhost:9090/a&b",
        "pip install payments-mock[postgres]",
        "curl -d {'\"a\"':1,'\"b\"':2} http://localhost:9090/",
        "ls *.db",
        "N=$(curl localhost:9090/?a)",
        "curl 'http://localhost:9090/a?b'?c",
        "test =b",
    ],
)
def test_what_a_shell_expands_is_found(line: str) -> None:
    assert len(words_that_a_shell_expands(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "curl 'http://localhost:9090/journal?wait=5&count=2'",
        'curl "http://localhost:9090/orders?name=$N" && echo done &',
        """curl -d '{"id":"order_'$N'","list":[1,2]}' http://localhost:9090/""",
        "echo $? $* ${N:-*} # is it? [yes]",
        "post() { curl -sS 'a?b'; }",
        r"echo \? \*",
        "serve 2>&1 | head -1",
    ],
)
def test_what_a_shell_leaves_alone_is_left_alone(line: str) -> None:
    assert words_that_a_shell_expands(line) == []
