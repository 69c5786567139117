"""The command that runs the sample kiosk."""

from pathlib import Path

import click

from payments_mock.kiosk.server import PortTakenError, serve_kiosk
from payments_mock.kiosk.settings import KioskSettings, SettingError

DEFAULTS = KioskSettings()

HELP = """Run the sample kiosk merchant.

A small cinema kiosk: a menu with stock, orders, payment and refund through the provider. It knows the
provider by URL and secret key alone. Its API is described in docs/kiosk.md.

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
    default=DEFAULTS.secret_key,
    show_default=True,
    envvar="KIOSK_SECRET_KEY",
    show_envvar=True,
    help="Secret key of the merchant.",
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
def kiosk(
    provider_url: str,
    secret_key: str,
    host: str,
    port: int,
    data: Path | None,
    database_url: str | None,
    timeout: float,
) -> None:
    """Run the sample kiosk merchant until it is told to stop."""
    try:
        settings = KioskSettings(provider_url, secret_key, host, port, data, database_url, timeout)
        serve_kiosk(settings, lambda url: click.echo(_banner(url, settings)))
    except (SettingError, PortTakenError) as error:
        raise StartError(str(error)) from error


def _banner(url: str, settings: KioskSettings) -> str:
    return (
        f"Kiosk     {url}\n"
        f"Provider  {settings.provider_url}\n"
        f"Data      {_where(settings)}\n"
        f"Try       curl {url}/menu\n"
        "Stop with Ctrl-C."
    )


def _where(settings: KioskSettings) -> str:
    if settings.database_url is not None:
        return "in the database of --database-url, kept"
    return "temporary, gone at exit" if settings.data is None else f"{settings.data}, kept"
