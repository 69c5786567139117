"""The command `payments-mock`; what a subcommand needs is imported when it runs."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import click

from payments_mock._version import __version__
from payments_mock.output import lose_what_can_not_be_written
from payments_mock.setting_types import needing_extra, reason_of, refusing_in_one_line
from payments_mock.settings import SETTINGS, SOURCES, Settings, SettingsError, settings_of

if TYPE_CHECKING:
    from flask import Flask

_HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}

# A line with \b alone keeps the paragraph behind it as it is.
_HELP = """Run a stand-in for Toss Payments, to test kiosk and shop backends against.

토스페이먼츠를 흉내 내는 결제 테스트 서버입니다.

\b
Start it, and paste the curl lines that it prints:
  payments-mock serve
Wait until it answers, in a script:
  payments-mock health --wait 30
What a command takes:
  payments-mock serve --help
  payments-mock kiosk --help
Find out whether your server survives what goes wrong with payments:
  payments-mock certify --help
Lead a program that calls the real hosts to it, with nothing changed:
  payments-mock intercept --help
"""
_HELP_OF_SERVE = """Start the provider, and run it until Ctrl-C.

Without any option it listens on 127.0.0.1:9090, knows the secret key test_sk_dummy, and forgets its
payments when it stops.

\b
Another port, and a file that keeps the payments:
  payments-mock serve --port 8000 --data payments.db
Two more merchants, the second on Toss's own contract:
  payments-mock serve --secret-key test_sk_a --secret-key test_sk_b=toss
Settings from a file, one of them overruled:
  payments-mock serve --settings payments-mock.toml --workers 2

Each option can also be an environment variable (--database-url is PAYMENTS_MOCK_DATABASE_URL) or a line
of the TOML file (database_url = "..."). An option wins over the environment, which wins over the file.
docs/settings.md says more.
"""


class LazyGroup(click.Group):
    """A group whose commands `kiosk`, `certify` and `intercept` are imported when someone asks for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted({*super().list_commands(ctx), "certify", "intercept", "kiosk"})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name."""
        if cmd_name == "kiosk" and "kiosk" not in self.commands:
            self.add_command(kiosk_command(), "kiosk")
        if cmd_name == "certify" and "certify" not in self.commands:
            from payments_mock.certify.command import certify

            self.add_command(certify)
        if cmd_name == "intercept" and "intercept" not in self.commands:
            with needing_extra("intercept", "cryptography"):
                from payments_mock.intercept.command import intercept

            self.add_command(intercept)
        return super().get_command(ctx, cmd_name)


@click.group(cls=LazyGroup, context_settings=_HELP_OPTIONS, help=_HELP)
@click.version_option(
    __version__, "-V", "--version", prog_name="payments-mock", message="%(prog)s %(version)s"
)
def main() -> None:
    """Offer the commands; each imports what it needs."""


@main.command(params=list(SETTINGS), context_settings=_HELP_OPTIONS | SOURCES, help=_HELP_OF_SERVE)
@click.pass_context
def serve(context: click.Context, /, **_values: object) -> None:
    """Start the provider, and run it until Ctrl-C."""
    # A start keeps nearly all it makes, so collecting garbage meanwhile only slows it, by a tenth or more.
    gc.disable()
    lose_what_can_not_be_written()
    with refusing_in_one_line():
        settings = settings_of(context)
        from payments_mock.server import serve as run_server

        run_server(settings, _make_app, _banner, _before_fork)


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def health(arguments: tuple[str, ...]) -> None:
    """Tell whether a server is healthy, or wait until it is."""
    # It reads its arguments itself: run by its own name, it does not even import click.
    from payments_mock.health_command import main as check_health

    sys.exit(check_health(arguments))


def _banner(settings: Settings, base_url: str, secure: str) -> str:
    from payments_mock.banner import banner, terminal_language

    language = terminal_language(os.environ, sys.stdout.encoding or "ascii")
    return banner(settings, base_url, language, secure)


def _make_app(settings: Settings) -> Flask:
    """Make the application.

    Raises:
        SettingsError: the database can't be reached or used.
    """
    import sqlite3

    from sqlalchemy.exc import SQLAlchemyError

    from payments_mock.app import create_app
    from payments_mock.storage.engine.engines import DatabaseUnsupportedError

    try:
        return create_app(settings)
    except (
        SQLAlchemyError,
        DatabaseUnsupportedError,
        sqlite3.Error,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        # Only the database can still fail here, and drivers raise errors of many kinds.
        setting = "database_url" if settings.data is None else "data"
        raise SettingsError(f"{setting}: {reason_of(error)}") from error


def _before_fork(app: Flask) -> None:
    """Close the connections to the database, which processes can't share."""
    from payments_mock.storage.engine.database import database_of

    database_of(app).engine.dispose()


def kiosk_command() -> click.Command:
    """Return the kiosk's own command with two options more: `--with-provider` and `--provider-port`."""
    from payments_mock.kiosk.command import kiosk

    added: list[click.Parameter] = [
        click.Option(
            ["--with-provider"], is_flag=True, help="Start a provider too, and stop it with the kiosk."
        ),
        click.Option(
            ["--provider-port"],
            type=click.IntRange(0, 65535),
            default=9090,
            show_default=True,
            metavar="PORT",
            help="Port of the provider that --with-provider starts; 0 takes a free one.",
        ),
    ]
    return click.Command(
        "kiosk",
        context_settings=kiosk.context_settings,
        help=kiosk.help,
        params=[*kiosk.params, *added],
        callback=partial(_run_kiosk, kiosk),
    )


def _run_kiosk(kiosk: click.Command, with_provider: bool, provider_port: int, **options: Any) -> None:
    lose_what_can_not_be_written()
    run = partial(click.get_current_context().invoke, kiosk)
    with refusing_in_one_line():
        if not with_provider:
            run(**options)
            return
        with _provider(provider_port) as url:
            run(**options | {"provider_url": url})


@contextmanager
def _provider(port: int) -> Iterator[str]:
    """Run `payments-mock serve` beside this process; give its base URL."""
    from payments_mock.child_server import child_server_in_view, read_base_url

    with child_server_in_view("--port", str(port)) as provider:
        url = read_base_url(provider, _say)
        if url is None:
            sys.exit(provider.wait())
        threading.Thread(target=_pass_on, args=(provider.stdout,), daemon=True).start()
        yield url


def _say(line: str) -> None:
    click.echo(line, nl=False)


def _pass_on(output: IO[str]) -> None:
    """Print what the provider prints; when that ends, the provider has ended, and the kiosk stops, too."""
    for line in output:
        _say(line)
    os.kill(os.getpid(), signal.SIGTERM)
