"""Read and check the command's arguments: the file, scenarios, reports and known failures."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import click

from payments_mock.certify.checks import PITFALL_BY_ID
from payments_mock.certify.description import Description, DescriptionError
from payments_mock.certify.init import Document, described, read_document
from payments_mock.certify.reading import load_description
from payments_mock.certify.reports import WRITERS
from payments_mock.certify.results import EXIT_USAGE
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scenarios.catalog import SCENARIO_BY_ID, SCENARIOS

LISTED: Final = "`payments-mock certify list` shows them"


class UsageError(click.ClickException):
    """The command line or one of its files is wrong: one line, exit code 2."""

    exit_code = EXIT_USAGE

    def show(self, file: Any = None) -> None:
        """Write the one line."""
        click.echo(f"payments-mock certify: {self.format_message()}", err=True)


def load(file: str) -> Description:
    """Read the description.

    Raises:
        UsageError: it can't be read.
    """
    try:
        return load_description(Path(file))
    except DescriptionError as error:
        raise UsageError(str(error)) from error


def initial_description(
    openapi: str | None, name: str | None, base_url: str | None, contract: str | None, **_more: Any
) -> str:
    """Write a description from the document, the options and the user's answers.

    Raises:
        NotAnOpenApiError: there is no document.
    """
    document = Document(read_document(openapi)) if openapi else None
    base_url = base_url or (document and openapi and document.base_url(openapi)) or None
    if document is None:
        name = name or click.prompt("What is the merchant's name", default="My shop")
        base_url = base_url or click.prompt("Where does it listen", default="http://127.0.0.1:8080")
        kinds = click.Choice(["toss", "kiosk"])
        contract = contract or click.prompt("Which contract does it speak", type=kinds, default="toss")
    name = name or (document and document.title()) or "My shop"
    return described(name, (base_url or "http://127.0.0.1:8080").rstrip("/"), contract or "toss", document)


def chosen(run: Sequence[str], skip: Sequence[str]) -> list[Scenario]:
    """Return the chosen scenarios; each choice is an id, a pitfall, its number, or a pattern.

    Raises:
        UsageError: a choice means none.
    """
    for word in (*run, *skip):
        if not any(_is_meant(one, word) for one in SCENARIOS):
            raise UsageError(f"{word!r} is no scenario and no pitfall; {LISTED}")
    wanted = [one for one in SCENARIOS if not run or any(_is_meant(one, word) for word in run)]
    return [one for one in wanted if not any(_is_meant(one, word) for word in skip)]


def _is_meant(scenario: Scenario, word: str) -> bool:
    number = str(PITFALL_BY_ID[scenario.pitfall].number)
    return word in (scenario.pitfall, number) or fnmatch(scenario.id, word)


def wanted_reports(given: Sequence[str]) -> Mapping[str, str]:
    """Read `--report html=report.html,json=report.json`.

    Raises:
        UsageError: a kind is unknown, or has no file.
    """
    wanted = {}
    for part in ",".join(given).split(","):
        kind, _, path = part.strip().partition("=")
        if part.strip() and (kind not in WRITERS or not path):
            raise UsageError(f"--report {part}: give KIND=FILE; the kinds are {', '.join(WRITERS)}")
        if path:
            wanted[kind] = path
    return wanted


def known_failures(path: str | None) -> Sequence[str]:
    """Read a baseline: the id of a scenario a line, `#` before a remark.

    Raises:
        UsageError: it can't be read, or names what is no scenario.
    """
    if path is None:
        return ()
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--baseline {path}: {error}") from error
    listed = {number: line.split("#")[0].strip() for number, line in enumerate(lines, 1)}
    for number, name in listed.items():
        if name and name not in SCENARIO_BY_ID:
            raise UsageError(f"{path}:{number}: {name} is no scenario; {LISTED}")
    return [name for name in listed.values() if name]
