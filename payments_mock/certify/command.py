"""The command `payments-mock certify`."""

import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import click
import requests

from payments_mock.certify.description import Description, DescriptionError
from payments_mock.certify.explain import explained, line_of_result, summary
from payments_mock.certify.processes import StartFailedError
from payments_mock.certify.reading import load_description
from payments_mock.certify.results import (
    EXIT_SUITE_ERROR,
    EXIT_USAGE,
    Certificate,
    Grade,
    ScenarioResult,
    with_baseline,
)
from payments_mock.certify.runner import run_all, set_up
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scenarios.all import SCENARIOS
from payments_mock.testing.control_client import ControlError

PROFILE: Final = "card-2026"


class UsageError(click.ClickException):
    """Something in the command or its files will not do: one line, exit code 2."""

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


def chosen(run: Sequence[str], skip: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that are meant; each choice is an id, a pitfall, its number, or a pattern.

    Raises:
        UsageError: a choice means none.
    """
    wanted = list(SCENARIOS) if not run else [one for one in SCENARIOS if any(_is_meant(one, w) for w in run)]
    for word in (*run, *skip):
        if not any(_is_meant(one, word) for one in SCENARIOS):
            raise UsageError(
                f"{word!r} is no scenario and no pitfall; `payments-mock certify list` shows them"
            )
    return [one for one in wanted if not any(_is_meant(one, word) for word in skip)]


def _is_meant(scenario: Scenario, word: str) -> bool:
    from payments_mock.certify.checks import PITFALL_BY_ID

    number = str(PITFALL_BY_ID[scenario.pitfall].number)
    return word in (scenario.pitfall, number) or fnmatch(scenario.id, word)


def certify_file(file: str, options: dict[str, Any]) -> Certificate:
    """Run the chosen scenarios against the merchant of a file.

    Raises:
        UsageError: the file or a choice will not do.
        StartFailedError, ControlError, requests.RequestException: the run could not be set up.
    """
    description = load(file)
    scenarios = chosen(options["run"], options["skip"])
    results: list[ScenarioResult] = []
    began = time.monotonic()
    interrupted = False

    def told(result: ScenarioResult) -> None:
        results.append(result)
        click.echo(f"[{len(results):>2}/{len(scenarios)}] {line_of_result(result)}")

    try:
        with set_up(description, options["provider_url"], options["provider_token"]) as bench:
            run_all(bench, scenarios, options["jobs"], told)
    except KeyboardInterrupt:
        interrupted = True
    order = {scenario.id: number for number, scenario in enumerate(scenarios)}
    results.sort(key=lambda result: order[result.id])
    seconds = round(time.monotonic() - began, 1)
    return Certificate(
        description.name, description.contract, PROFILE, tuple(results), seconds, was_interrupted=interrupted
    )


def _teaches(text: str) -> str:
    """Mark each paragraph that has indented lines, so that click leaves it as it is."""
    return "\n\n".join(f"\b\n{part}" if "\n  " in part else part for part in text.split("\n\n"))


_HELP: Final = _teaches("""Find out whether a merchant survives what goes wrong with payments.

It plays shopper, provider, bank and network against your server, makes each pitfall happen, and judges by
money and by what the order says.

Begin with:
  payments-mock certify init merchant.toml
  payments-mock certify smoke merchant.toml
  payments-mock certify merchant.toml

Exit code: 0 certified, 1 something breaks, 2 wrong use, 3 something is open (inconclusive or untested), 70
the suite itself failed. docs/certify.md tells all of it.""")

_HELP_OF_RUN: Final = _teaches("""Run the scenarios against the merchant that FILE describes.

A part of them, by id, pitfall, number or pattern:
  payments-mock certify merchant.toml --run lost-answer --run 7 --skip 'confirm-hang*'

For CI:
  payments-mock certify merchant.toml --report junit=certify.xml,md=summary.md --baseline known.txt""")


class CertifyGroup(click.Group):
    """The commands; a first word that is none of them is a file to run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, with `run` before a file or its options."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=CertifyGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
def certify() -> None:
    """Offer the commands."""


@certify.command(help=_HELP_OF_RUN)
@click.argument("file", metavar="FILE")
@click.option("--run", multiple=True, metavar="WHICH", help="Only these; may be given again.")
@click.option("--skip", multiple=True, metavar="WHICH", help="All but these; may be given again.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="How many side by side."
)
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option(
    "--provider-url", metavar="URL", help="Use the provider that runs there instead of serving one."
)
@click.option(
    "--provider-token", metavar="TOKEN", envvar="PAYMENTS_MOCK_CONTROL_TOKEN", help="Its control token."
)
def run(file: str, **options: Any) -> None:
    """Run the scenarios against a merchant."""
    try:
        certificate = certify_file(file, options)
    except (StartFailedError, ControlError, requests.RequestException) as error:
        click.echo(f"payments-mock certify: suite error: {' '.join(str(error).split())}", err=True)
        sys.exit(EXIT_SUITE_ERROR)
    command = f"payments-mock certify {file}"
    for result in certificate.results:
        if result.grade not in (Grade.SURVIVES, Grade.NOT_APPLICABLE):
            click.echo("")
            click.echo("\n".join(explained(result, command)))
    click.echo("")
    click.echo(summary(with_baseline(certificate, ())))
    sys.exit(certificate.exit_code(strict=options["strict"]))
