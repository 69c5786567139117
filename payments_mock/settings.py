"""The settings: one table that flags, environment variables, the TOML file and docs/settings.md all read."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from payments_mock.merchant_settings import (
    BUILT_IN_MERCHANTS,
    CONTRACTS,
    MerchantSettings,
    SettingsError,
    merchants_from_tables,
    read_toml,
    refuse_duplicates,
    refuse_where_no_webhook_may_go,
    unknown_name,
)
from payments_mock.setting_types import (
    BASE_URL,
    DATA_FILE,
    DATABASE_URL,
    ENVIRONMENT_PREFIX,
    FOLDER,
    HOST,
    TOKEN,
    WEBHOOK_TARGETS,
    WEBHOOK_URL,
    MerchantKeys,
    PlainNumber,
    Setting,
    sqlite_url,
)

__all__ = [
    "BUILT_IN_MERCHANTS",
    "SETTINGS",
    "SOURCES",
    "MerchantSettings",
    "Setting",
    "Settings",
    "SettingsError",
    "load_settings",
    "settings_of",
]

SOURCES: Final = {"auto_envvar_prefix": ENVIRONMENT_PREFIX}
"""The settings of click's context for a command that takes ours."""

_OF_OTHERS: Final = ("PAYMENTS_MOCK_URL", "PAYMENTS_MOCK_EXAMPLES")
"""Variables that the test kit and our own tests read."""


@dataclass(frozen=True)
class Settings:
    """How a server is to run; `settings_of` makes one from what the user gave.

    Made by hand, a value is taken as it is. `data` and `database_url` exclude each other; with neither, the
    payments are kept in a temporary database. `open` gives every test key that nobody knows a sandbox of its
    own. `default_contract` is the error shape for callers whose key
    belongs to nobody. `settings` is the TOML file that was read. With `is_temporary` the server made the
    database for this run alone, and no other server has it; nobody can ask for that.
    """

    host: str = "127.0.0.1"
    port: int = 9090
    workers: int = 1
    threads: int | None = None
    data: Path | None = None
    database_url: str | None = None
    public_url: str | None = None
    default_contract: str = "kiosk"
    log_format: str = "text"
    max_connections: int = 1000
    journal_entries: int = 10_000
    webhook_targets: str = "any"
    webhook_url: str | None = None
    control_token: str | None = None
    settings: Path | None = None
    merchants: tuple[MerchantSettings, ...] = BUILT_IN_MERCHANTS
    open: bool = False
    no_inspector: bool = False
    metrics: bool = False
    tls: bool = False
    tls_port: int = 9443
    tls_folder: Path | None = None
    is_temporary: bool = False

    @property
    def sqlalchemy_url(self) -> str | None:
        """Where the payments are kept, as a SQLAlchemy URL; None when nobody chose a place."""
        if self.data is not None:
            return sqlite_url(self.data)
        return self.database_url


def _read_file(context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Let the TOML file say what neither flags nor variables say.

    Raises:
        SettingsError: the file can't be read, names what is no setting, or has a value of a wrong type.
    """
    if path is not None:
        table = read_toml(path)
        merchants = merchants_from_tables(table.pop("merchants", []))
        for name, value in table.items():
            _by_name(name).check_type(value, f"in {path}")
        context.default_map = {**table, "merchants": merchants}
    return path


SETTINGS: Final = (
    Setting("--host", HOST, "HOST", "Address to listen on.", default="127.0.0.1"),
    Setting("--port", PlainNumber(0, 65535), "PORT", "Port to listen on; 0 takes a free one.", default=9090),
    Setting("--workers", PlainNumber(1, 64), "NUMBER", "Processes that answer requests.", default=1),
    Setting(
        "--threads",
        PlainNumber(1, 64),
        "NUMBER",
        "Calls that a process answers at once; unless said, 1 on SQLite and 8 on PostgreSQL.",
        default=None,
    ),
    Setting(
        "--data",
        DATA_FILE,
        "FILE",
        "File to keep the payments in (SQLite); without it they are gone when the server stops.",
        default=None,
    ),
    Setting(
        "--database-url",
        DATABASE_URL,
        "URL",
        "Database to keep the payments in, as a SQLAlchemy URL, instead of `data`.",
        default=None,
    ),
    Setting(
        "--public-url",
        BASE_URL,
        "URL",
        "What links to receipts begin with; else the address that the request came in by.",
        default=None,
    ),
    Setting(
        "--default-contract",
        click.Choice(CONTRACTS),
        "CONTRACT",
        "Shape of the errors for callers whose key belongs to nobody: kiosk or toss.",
        default="kiosk",
    ),
    Setting(
        "--log-format",
        click.Choice(("text", "json", "none")),
        "FORMAT",
        "How each request is logged: text, json or none.",
        default="text",
    ),
    Setting(
        "--secret-key",
        MerchantKeys(),
        "KEY[=CONTRACT]",
        "Secret key of one more merchant, on the contract kiosk (if none is named) or toss. May be repeated.",
        name="secret_keys",
        default=None,
        multiple=True,
    ),
    Setting(
        "--open",
        click.BOOL,
        "",
        "Give every test key that nobody knows a sandbox of its own, on the contract toss.",
        default=False,
        is_flag=True,
    ),
    Setting(
        "--no-inspector",
        click.BOOL,
        "",
        "Leave out the inspector, the page that shows what happens.",
        default=False,
        is_flag=True,
    ),
    Setting(
        "--metrics", click.BOOL, "", "Give Prometheus its figures at /metrics.", default=False, is_flag=True
    ),
    Setting(
        "--journal-entries",
        PlainNumber(0, 10_000_000),
        "NUMBER",
        "Requests that the journal of each sandbox keeps, the newest; 0 keeps none.",
        default=10_000,
    ),
    Setting(
        "--control-token", TOKEN, "TOKEN", "Token that calls of the control API must send.", default=None
    ),
    Setting(
        "--webhook-targets",
        WEBHOOK_TARGETS,
        "HOSTS",
        "Hosts that webhooks may go to: any, loopback, or names separated by commas.",
        default="any",
    ),
    Setting(
        "--webhook-url",
        WEBHOOK_URL,
        "URL",
        "Where the merchants on the contract toss are told what becomes of their payments.",
        default=None,
    ),
    Setting(
        "--tls",
        click.BOOL,
        "",
        "Answer HTTPS too, under the real provider's host names.",
        default=False,
        is_flag=True,
    ),
    Setting("--tls-port", PlainNumber(0, 65535), "PORT", "Port for HTTPS; 0 takes a free one.", default=9443),
    Setting(
        "--tls-folder",
        FOLDER,
        "FOLDER",
        "Where `tls.crt` and `tls.key` are; without them, where the `ca.crt` of this start is written.",
        default=None,
    ),
    Setting(
        "--max-connections",
        PlainNumber(1, 100_000),
        "NUMBER",
        "Connections that a process keeps open at once; one more is answered 503.",
        default=1000,
    ),
    Setting(
        "--settings",
        click.Path(path_type=Path),
        "FILE",
        "TOML file to read settings from.",
        default=None,
        is_eager=True,
        callback=_read_file,
    ),
)

_IN_FILE: Final = {setting.name for setting in SETTINGS} - {"settings"} | {"merchants"}


def load_settings(arguments: Sequence[str] = ()) -> Settings:
    """Return what a command line of `arguments`, the environment and the file it names say.

    Raises:
        SettingsError: a value will not do, or a name is unknown; the message is one line for the user.
    """
    command = click.Command("serve", params=list(SETTINGS), add_help_option=False, context_settings=SOURCES)
    with command.make_context("payments-mock", list(arguments)) as context:
        return settings_of(context)


def settings_of(context: click.Context) -> Settings:
    """Return what click has read for a command whose options are SETTINGS, with SOURCES in its context.

    A flag comes before an environment variable, before the TOML file, before the default. An empty variable
    counts as not set.

    Raises:
        SettingsError: values exclude each other, or a variable is unknown; the message is one line.
    """
    _refuse_unknown_variables()
    given = dict(context.params)
    if given["data"] is not None and given["database_url"] is not None:
        raise SettingsError("data and database_url exclude each other: give one of them")
    if given["tls_folder"] is not None and not given["tls"]:
        raise SettingsError("tls_folder goes with tls, which is off: add --tls")
    if given["webhook_url"] is not None:
        refuse_where_no_webhook_may_go(given["webhook_url"], given["webhook_targets"])
    added = context.default_map["merchants"] if context.default_map else ()
    merchants = refuse_duplicates((*BUILT_IN_MERCHANTS, *added, *given.pop("secret_keys")))
    return Settings(**given, merchants=merchants)


def _refuse_unknown_variables() -> None:
    prefix = f"{ENVIRONMENT_PREFIX}_"
    known = [setting.environment.removeprefix(prefix) for setting in SETTINGS]
    for variable, text in os.environ.items():
        name = variable.removeprefix(prefix)
        if text and variable not in _OF_OTHERS and name != variable and name not in known:
            raise SettingsError(unknown_name("a setting", name, known, prefix))


def _by_name(name: str) -> Setting:
    for setting in SETTINGS:
        if setting.name == name and name in _IN_FILE:
            return setting
    raise SettingsError(unknown_name("a setting", name, _IN_FILE))
