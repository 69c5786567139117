"""The command `payments-mock kiosk`: the sample kiosk, and with it a provider if asked for."""

import functools
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from payments_mock.child_server import child_server_in_view, read_base_url
from payments_mock.kiosk.command import kiosk
from payments_mock.output import lose_what_can_not_be_written
from payments_mock.setting_types import refusing_in_one_line


def kiosk_command() -> click.Command:
    """Return the kiosk's own command with two options more: `--with-provider` and `--provider-port`."""
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
        callback=_run,
    )


def _run(with_provider: bool, provider_port: int, **options: Any) -> None:
    lose_what_can_not_be_written()
    run_kiosk = functools.partial(click.get_current_context().invoke, kiosk)
    with refusing_in_one_line():
        if not with_provider:
            run_kiosk(**options)
            return
        with _provider(provider_port) as url:
            run_kiosk(**options | {"provider_url": url})


@contextmanager
def _provider(port: int) -> Iterator[str]:
    """Run `payments-mock serve` beside this process; give its base URL."""
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
