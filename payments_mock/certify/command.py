"""The command `payments-mock certify`."""

import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import click
import requests

from payments_mock.certify.checks import CHECK_BY_ID, PITFALL_BY_ID, PITFALLS
from payments_mock.certify.choices import (
    LISTED,
    UsageError,
    chosen,
    initial_description,
    known_failures,
    load,
    wanted_reports,
)
from payments_mock.certify.description import Description
from payments_mock.certify.init import NotAnOpenApiError
from payments_mock.certify.processes import StartFailedError
from payments_mock.certify.reports import (
    about_pitfall,
    explained,
    line_of_result,
    summary,
    write_reports,
)
from payments_mock.certify.results import (
    EXIT_BREAKS,
    EXIT_CODES,
    EXIT_SUITE_ERROR,
    WORST_CODES_FIRST,
    Certificate,
    Grade,
    ScenarioResult,
    with_baseline,
)
from payments_mock.certify.runner import run_all, set_up, try_out
from payments_mock.certify.scenarios.catalog import PROFILES, SCENARIO_BY_ID, SCENARIOS
from payments_mock.testing.control_client import KitError

BROWSERS_AT_ONCE: Final = 2
DEFAULT_PROFILE: Final = "card-2026"
_NOT_SET_UP: Final = (StartFailedError, KitError, requests.RequestException)


def _tell_suite_error(error: BaseException) -> None:
    click.echo(f"payments-mock certify: suite error: {' '.join(str(error).split())}", err=True)


def certify_file(description: Description, options: Mapping[str, Any]) -> Certificate:
    """Run the chosen scenarios against a merchant, and print each result as it comes.

    Raises:
        UsageError: a choice will not do.
        StartFailedError, KitError, requests.RequestException: the run could not be set up.
    """
    scenarios = chosen(options["run"], options["skip"])
    apply = sum(scenario.lacks(description) is None for scenario in scenarios)
    click.echo(
        f"{description.name}: {len(scenarios)} scenarios on the {description.contract} contract, "
        f"{options['jobs']} side by side; {len(scenarios) - apply} do not apply."
    )
    jobs = options["jobs"]
    if description.pages is not None:
        jobs = min(jobs, BROWSERS_AT_ONCE)
        click.echo(f"The shopper pays in Chromium, through the real pages; that is slower, {jobs} at a time.")
    results: list[ScenarioResult] = []
    began = time.monotonic()

    def told(result: ScenarioResult) -> None:
        results.append(result)
        if result.grade is not Grade.NOT_APPLICABLE:
            click.echo(f"[{len(results):>3}/{len(scenarios)}] {line_of_result(result)}")

    is_interrupted = False
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with set_up(
            description, options["provider_url"], options["provider_token"], options["seed"]
        ) as bench:
            run_all(bench, scenarios, jobs, told, PROFILES[options["profile"]])
    except KeyboardInterrupt:
        is_interrupted = True
    order = {scenario.id: number for number, scenario in enumerate(scenarios)}
    return Certificate(
        description.name,
        description.contract,
        options["profile"],
        tuple(sorted(results, key=lambda result: order[result.id])),
        round(time.monotonic() - began, 1),
        was_interrupted=is_interrupted,
    )


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _teaches(text: str) -> str:
    """Mark each paragraph with indented lines, so that click does not re-wrap it."""
    return "\n\n".join(f"\b\n{part}" if "\n  " in part else part for part in text.split("\n\n"))


_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "show_default": True}

_EXIT_CODES: Final = ", ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())

_HELP: Final = _teaches(f"""Find out whether a merchant survives what goes wrong with payments.

It plays shopper, provider, bank and network against your server, makes each pitfall happen, and judges by
money and by what the order says.

Begin with:
  payments-mock certify init merchant.toml
  payments-mock certify smoke merchant.toml
  payments-mock certify merchant.toml

Exit code: {_EXIT_CODES}. docs/certify.md tells all of it.""")

_HELP_OF_RUN: Final = _teaches("""Run the scenarios against the merchant of FILE; several, one by one.

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


@click.group(cls=CertifyGroup, help=_HELP, context_settings=_CONTEXT)
def certify() -> None:
    """Offer the commands."""


_PROVIDER: Final = (
    click.option(
        "--provider-url",
        metavar="URL",
        help="Use the provider that runs there, not a new one. Without start or driver in the file, this "
        "resets the sandbox of the file's key if that is test_sk_toss_dummy or test_sk_dummy.",
    ),
    click.option(
        "--provider-token", metavar="TOKEN", envvar="PAYMENTS_MOCK_CONTROL_TOKEN", help="Its control token."
    ),
)


def _provider_options(command: Any) -> Any:
    for option in reversed(_PROVIDER):
        command = option(command)
    return command


@certify.command(help=_HELP_OF_RUN)
@click.argument("file", metavar="FILE...", nargs=-1, required=True)
@click.option("--run", multiple=True, metavar="WHICH", help="Run only these; may be repeated.")
@click.option("--skip", multiple=True, metavar="WHICH", help="Leave these out; may be repeated.")
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default=DEFAULT_PROFILE,
    help="Which checks count.",
)
@click.option(
    "--baseline", metavar="FILE", help="Known failures, one id a line; a run fails if one of them passes."
)
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option("--seed", type=int, default=0, help="Vary unknown fields, and the order of scenarios.")
@click.option("--jobs", type=click.IntRange(1, 64), default=8, help="How many side by side.")
@click.option(
    "--report",
    multiple=True,
    metavar="KIND=FILE",
    help="html, html-ko, json, junit, md or badge; several by commas.",
)
@_provider_options
def run(file: tuple[str, ...], **options: Any) -> None:
    """Run the scenarios against merchants, one after the other."""
    reports, known = wanted_reports(options["report"]), known_failures(options["baseline"])
    descriptions = [load(one) for one in file]
    certificates: list[Certificate] = []
    codes: set[int] = set()
    for name, description in zip(file, descriptions, strict=True):
        try:
            certificate = with_baseline(certify_file(description, options), known)
        except _NOT_SET_UP as error:
            _tell_suite_error(error)
            codes.add(EXIT_SUITE_ERROR)
            continue
        certificates.append(certificate)
        _explain(certificate, f"payments-mock certify {name}")
        codes.add(certificate.exit_code(strict=options["strict"]))
        if certificate.was_interrupted:
            break
    try:
        write_reports(reports, certificates, f"payments-mock certify {' '.join(file)}")
    except OSError as error:
        _tell_suite_error(error)
        codes.add(EXIT_SUITE_ERROR)
    for certificate in certificates:
        for stale in certificate.stale:
            click.echo(f"{options['baseline']}: {stale} passes now; take it off the list")
        click.echo(summary(certificate))
    sys.exit(next((code for code in WORST_CODES_FIRST if code in codes), EXIT_SUITE_ERROR))


def _explain(certificate: Certificate, command: str) -> None:
    for result in certificate.results:
        if result.grade not in (Grade.SURVIVES, Grade.NOT_APPLICABLE) and result.id not in certificate.known:
            click.echo("\n" + "\n".join(explained(result, command)))
    click.echo("")


@certify.command()
@click.argument("file", metavar="FILE")
@_provider_options
def smoke(file: str, provider_url: str | None, provider_token: str | None) -> None:
    """Try only the happy paths: order, pay, look, refund; say which recipe does not work."""
    description = load(file)
    works = True
    try:
        with set_up(description, provider_url, provider_token) as bench:
            for verb, is_fine, told in try_out(bench):
                works = works and is_fine
                click.echo(f"{'ok' if is_fine else 'FAILS':<6} {verb:<16} {told}")
    except _NOT_SET_UP as error:
        _tell_suite_error(error)
        sys.exit(EXIT_SUITE_ERROR)
    sys.exit(0 if works else EXIT_BREAKS)


@certify.command()
@click.argument("file", metavar="FILE", default="merchant.toml")
@click.option("--openapi", metavar="SOURCE", help="Read an OpenAPI document, a URL or a file, in JSON.")
@click.option("--name", metavar="NAME", help="What reports call the merchant.")
@click.option("--base-url", metavar="URL", help="Where the merchant listens.")
@click.option("--contract", type=click.Choice(["toss", "kiosk"]), help="How it speaks to the provider.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def init(file: str, **said: Any) -> None:
    """Write a description to begin with: from an OpenAPI document, else from what you answer."""
    if Path(file).exists() and not said["force"]:
        raise UsageError(f"{file} exists already; name another, or give --force")
    try:
        Path(file).write_text(initial_description(**said), "utf-8")
    except (NotAnOpenApiError, OSError) as error:
        raise UsageError(str(error)) from error
    click.echo(f"Wrote {file}. Read it, then try: payments-mock certify smoke {file}")


@certify.command(name="list")
@click.option("--checks", is_flag=True, help="List the checks instead, with what each expects.")
def list_scenarios(checks: bool) -> None:
    """List the scenarios by pitfall."""
    for pitfall in PITFALLS:
        click.echo(f"{pitfall.number:>2} {pitfall.title}  [{pitfall.id}]")
        for check in pitfall.checks if checks else ():
            click.echo(f"     {check.id:<40} {check.expects}")
        for scenario in SCENARIOS if not checks else ():
            if scenario.pitfall == pitfall.id:
                needs = f"  (needs {', '.join(scenario.needs)})" if scenario.needs else ""
                click.echo(f"     {scenario.id:<28} {scenario.title}{needs}")


@certify.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """Explain a pitfall, a scenario or a check: why it matters, its cause, and how to fix it."""
    by_number = {str(pitfall.number): pitfall for pitfall in PITFALLS}
    pitfall = PITFALL_BY_ID.get(name) or by_number.get(name)
    if name in CHECK_BY_ID:
        click.echo(f"{name}: {CHECK_BY_ID[name].expects}")
        pitfall = PITFALL_BY_ID[CHECK_BY_ID[name].pitfall]
    elif name in SCENARIO_BY_ID:
        click.echo(f"{name}: {SCENARIO_BY_ID[name].title}")
        pitfall = PITFALL_BY_ID[SCENARIO_BY_ID[name].pitfall]
    if pitfall is None:
        raise UsageError(f"{name!r} is no pitfall, scenario or check; {LISTED}")
    click.echo("\n".join(about_pitfall(pitfall)))
