"""The command that runs the sample kiosk."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import click

from payments_mock.kiosk.app import create_kiosk
from payments_mock.kiosk.settings import KioskSettings, ProviderContract, SettingError
from payments_mock.kiosk.web.server import KioskServer, PortTakenError

DEFAULTS = KioskSettings()
HELP = """Run the sample kiosk merchant.

A small cinema kiosk with pages: snacks, seats, payment, order book and refund through the provider. It
knows the provider by URL and keys alone. Its API is described in docs/kiosk.md.

\b
Try it:
  curl http://127.0.0.1:8080/menu
  curl http://127.0.0.1:8080/orders -H 'Content-Type: application/json' \\
       -d '{"items": [{"id": "popcorn", "quantity": 2}]}'
  curl -X POST http://127.0.0.1:8080/orders/ORDER-ID/pay
"""


class StartError(click.ClickException):
    """The kiosk cannot start; shown as one line."""

    exit_code = 2


@click.command(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--provider",
    "provider_url",
    metavar="URL",
    default=DEFAULTS.provider_url,
    show_default=True,
    envvar="KIOSK_PROVIDER",
    show_envvar=True,
    help="Base URL of the payment provider.",
)
@click.option(
    "--secret-key",
    metavar="KEY",
    envvar="KIOSK_SECRET_KEY",
    show_envvar=True,
    help="Secret key of the merchant.  [default: test_sk_dummy; test_gsk_toss_dummy with --contract toss]",
)
@click.option(
    "--contract",
    type=click.Choice([contract.value for contract in ProviderContract]),
    default=DEFAULTS.contract.value,
    show_default=True,
    help="Charge server to server (kiosk), or by the provider's payment window (toss).",
)
@click.option(
    "--client-key",
    metavar="KEY",
    envvar="KIOSK_CLIENT_KEY",
    show_envvar=True,
    help="Client key of the pages; the pair of the secret key.  [default: test_gck_toss_dummy with toss]",
)
@click.option(
    "--host", metavar="ADDRESS", default=DEFAULTS.host, show_default=True, help="Address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULTS.port,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep menu and orders in this SQLite file. Without it they are gone at exit.",
)
@click.option(
    "--database-url", metavar="URL", help="Keep menu and orders in this database instead (an SQLAlchemy URL)."
)
@click.option(
    "--timeout",
    type=float,
    metavar="SECONDS",
    default=DEFAULTS.timeout,
    show_default=True,
    help="How long to wait for the provider: to connect, and again for an answer.",
)
@click.option(
    "--settlement-days",
    type=click.IntRange(0, 365),
    metavar="DAYS",
    default=DEFAULTS.settlement_days,
    show_default=True,
    help="How many days after the payment a sale is due to its seller.",
)
@click.option(
    "--hold-seconds",
    type=click.IntRange(1, 86_400),
    metavar="SECONDS",
    default=DEFAULTS.hold_seconds,
    show_default=True,
    help="How long seats are held for a shopper who has not paid yet.",
)
def kiosk(contract: str, **options: Any) -> None:
    """Run the sample kiosk merchant until it is told to stop."""
    try:
        settings = KioskSettings(contract=ProviderContract(contract), **options)
        _serve(settings)
    except (SettingError, PortTakenError) as error:
        raise StartError(str(error)) from error


def _serve(settings: KioskSettings) -> None:
    """Run a kiosk, in the main thread, until SIGTERM or Ctrl-C."""
    server = KioskServer(create_kiosk(settings), settings.host, settings.port)
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.start()
    click.echo(_banner(server.url, settings))
    stopping.wait()
    server.stop()


def _banner(url: str, settings: KioskSettings) -> str:
    return (
        f"Kiosk     {url}\n"
        f"Provider  {settings.provider_url}\n"
        f"Contract  {settings.contract}\n"
        f"Data      {_where(settings)}\n"
        f"Try       curl {url}/menu\n"
        "Stop with Ctrl-C.\n"
        f"Open      {url}"
    )


def _where(settings: KioskSettings) -> str:
    if settings.database_url is not None:
        return "in the database of --database-url, kept"
    return "temporary, gone at exit" if settings.data is None else f"{settings.data}, kept"
