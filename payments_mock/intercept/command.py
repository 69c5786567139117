"""The command `payments-mock intercept`."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from payments_mock.intercept import HOSTS
from payments_mock.intercept.doctor import is_well, report
from payments_mock.intercept.environment import shell_script
from payments_mock.intercept.processes import CommandError, MockError, ending_in_order, mock, run
from payments_mock.intercept.session import Interception, environment_of, intercepting

USAGE_ERROR: Final = 2
SHELL_SECONDS: Final = 30.0
"""How long a shell may take to read what `env` printed."""
LOOK_SECONDS: Final = 0.5

_CONTEXT: Final = {"help_option_names": ["-h", "--help"]}
_OF_COMMANDS: Final = {**_CONTEXT, "allow_interspersed_args": False}

_HELP: Final = f"""Lead a program's calls of the real hosts to the mock, with nothing changed in it.

The hosts are {HOSTS[0]} and {HOSTS[1]}. A mock is started, unless one answers
at http://127.0.0.1:9090 already; it takes any test key. What the program sends to the two hosts never
reaches the real ones, for as long as the program heeds one of the variables that it gets.

\b
Run a program, or a whole test suite:
  payments-mock intercept -- npm test
For a shell, until it ends or you type intercept_off:
  eval "$(payments-mock intercept env)"
Find out what a program heeds, and what it ignores:
  payments-mock intercept doctor -- ./gradlew bootRun
"""


class InterceptGroup(click.Group):
    """The commands; a first word that is none of them begins the program to run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, with `run` before a program or its options."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=InterceptGroup, help=_HELP, context_settings=_CONTEXT)
def intercept() -> None:
    """Offer the commands."""


def _options(command: Any) -> Any:
    for option in (
        click.option("--deny-others", is_flag=True, help="Refuse all other hosts, but this machine."),
        click.option("--new", is_flag=True, help="Start a mock, even where one answers already."),
        click.option(
            "--provider-url",
            metavar="URL",
            envvar="PAYMENTS_MOCK_URL",
            help="Lead to the mock that runs there; else one is found or started.",
        ),
    ):
        command = option(command)
    return command


@intercept.command("run", context_settings=_OF_COMMANDS)
@_options
@click.option("--quiet", is_flag=True, help="Say nothing of our own.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True, metavar="-- CMD...")
def run_command(command: tuple[str, ...], quiet: bool, **options: Any) -> None:
    """Run a program that is led to the mock; we end with its exit code."""
    with _set_up(**options) as interception:
        if not quiet:
            _say(f"{' and '.join(HOSTS)} lead to {interception.provider_url}")
        code = _run(command, interception)
        if not quiet and not any(door.connections for door in interception.doors.all()):
            _say(f"no connection came; `payments-mock intercept doctor -- {shlex.join(command)}` tells more")
    sys.exit(code)


@intercept.command(context_settings=_OF_COMMANDS)
@_options
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True, metavar="-- CMD...")
def doctor(command: tuple[str, ...], **options: Any) -> None:
    """Run a program, and tell which of the variables it ignored.

    Ends with 0 where all of its connections to the hosts were answered by the mock, and there were some.
    """
    with _set_up(**options) as interception:
        code = _run(command, interception)
        interception.gateway.settle()
        for line in report(shlex.join(command), code, interception):
            click.echo(line)
        well = is_well(interception)
    sys.exit(0 if well else 1)


@intercept.command(context_settings=_CONTEXT)
@_options
def env(provider_url: str | None, new: bool, deny_others: bool) -> None:
    r"""Print what sets a shell up: eval "$(payments-mock intercept env)".

    The mock and the ways to it stay until the shell ends, or intercept_off is typed. intercept_browser
    PROGRAM [URL] starts a Chromium that is led to the mock.
    """
    words = ["--provider-url", provider_url] if provider_url else []
    words += ["--new"] * new + ["--deny-others"] * deny_others
    keeper = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "payments_mock", "intercept", "keep", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert keeper.stdout is not None  # noqa: S101
    script = keeper.stdout.read()
    if not script:
        sys.exit(keeper.wait())
    click.echo(script, nl=False)


@intercept.command(hidden=True, context_settings=_CONTEXT)
@_options
def keep(**options: Any) -> None:
    """Print the script for a shell, and keep the mock and the ways to it until the shell ends."""
    with _set_up(**options) as interception:
        for line in shell_script(os.environ, interception.changes, os.getpid(), interception.place):
            click.echo(line)
        _let_go_of_the_terminal()
        _wait_for_the_end_of(interception.place.shell)


def _let_go_of_the_terminal() -> None:
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _wait_for_the_end_of(shell_file: Path) -> None:
    """Return when the shell has ended, or if no shell ran the printed script."""
    deadline = time.monotonic() + SHELL_SECONDS
    while not (number := _number_in(shell_file)) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    while number and _is_alive(number):
        time.sleep(LOOK_SECONDS)


def _number_in(file: Path) -> int:
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _set_up(provider_url: str | None, new: bool, deny_others: bool) -> Iterator[Interception]:
    try:
        with (
            ending_in_order(),
            mock(provider_url, is_new=new) as url,
            intercepting(url, os.environ, deny_others=deny_others) as interception,
        ):
            yield interception
    except MockError as error:
        _refuse(str(error), USAGE_ERROR)


def _run(command: Sequence[str], interception: Interception) -> int:
    try:
        return run(command, environment_of(interception))
    except CommandError as error:
        _refuse(str(error), error.exit_code)


def _say(text: str) -> None:
    click.echo(f"payments-mock intercept: {text}", err=True)


def _refuse(message: str, exit_code: int) -> NoReturn:
    _say(message)
    sys.exit(exit_code)
