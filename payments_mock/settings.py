"""The settings: one table that flags, environment variables, the TOML file and docs/settings.md all read."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from payments_mock.merchant_settings import (
    BUILT_IN_MERCHANTS,
    CONTRACTS,
    MerchantSettings,
    SettingsError,
    merchant_from_key,
    merchants_from_tables,
    refuse_duplicates,
    unknown_name,
)
from payments_mock.setting_rules import (
    BASE_URL,
    DATA_FILE,
    DATABASE_URL,
    FILE_NAME,
    HOST,
    KEYS,
    SWITCH,
    TOKEN,
    Rule,
    number,
    one_of,
    read_text,
    sqlite_url,
)

__all__ = [
    "BUILT_IN_MERCHANTS",
    "SETTINGS",
    "MerchantSettings",
    "Setting",
    "Settings",
    "SettingsError",
    "load_settings",
]

ENVIRONMENT_PREFIX: Final = "PAYMENTS_MOCK_"
_SECRETS: Final = ("database_url", "secret_keys", "control_token")


@dataclass(frozen=True)
class Settings:
    """How a server is to run; `load_settings` makes one from what the user gave.

    Made by hand, a value is taken as it is. `data` and `database_url` exclude each other; with neither, the
    payments are kept in a temporary database. `open` gives every test key that nobody knows a sandbox of its
    own. `default_contract` is the error shape for callers whose key
    belongs to nobody. `settings` is the TOML file that was read. With `is_temporary` the server made the
    database for this run alone, and no other server has it; nobody can ask for that.
    """

    host: str = "127.0.0.1"
    port: int = 9090
    workers: int = 1
    threads: int = 1
    data: Path | None = None
    database_url: str | None = None
    public_url: str | None = None
    default_contract: str = "kiosk"
    log_format: str = "text"
    max_connections: int = 1000
    journal_entries: int = 10_000
    webhook_targets: str = "any"
    control_token: str | None = None
    settings: Path | None = None
    merchants: tuple[MerchantSettings, ...] = BUILT_IN_MERCHANTS
    open: bool = False
    is_temporary: bool = False

    @property
    def sqlalchemy_url(self) -> str | None:
        """Where the payments are kept, as a SQLAlchemy URL; None when nobody chose a place."""
        if self.data is not None:
            return sqlite_url(self.data)
        return self.database_url


@dataclass(frozen=True)
class Setting:
    """One setting: how it is spelt in every source, what it accepts, and what it is for."""

    name: str
    type: type
    default: object
    metavar: str
    help: str
    rule: Rule

    @property
    def flag(self) -> str:
        """The command line's spelling; a flag for a list is repeated, so it names one member."""
        return "--" + self.name.replace("_", "-").removesuffix("s" if self.is_list else "")

    @property
    def usage(self) -> str:
        """The flag as help shows it, with what it takes; a switch takes nothing."""
        return f"{self.flag} {self.metavar}".rstrip()

    @property
    def shown_default(self) -> str:
        """The default as a user would write it, nothing where there is none."""
        if isinstance(self.default, bool):
            return str(self.default).lower()
        return "" if self.default is None else str(self.default)

    @property
    def environment(self) -> str:
        """The environment's spelling."""
        return ENVIRONMENT_PREFIX + self.name.upper()

    @property
    def is_switch(self) -> bool:
        """Whether its flag alone says yes."""
        return self.type is bool

    @property
    def is_list(self) -> bool:
        """Whether it takes many values: a repeated flag, a comma separated variable, a TOML array."""
        return self.type is list

    def from_text(self, text: str) -> object:
        """Read a flag or an environment variable; what can't be read is returned as it is, for `check`."""
        return read_text(self.type, text)

    def check(self, value: object, source: str) -> Any:
        """Return `value` if it will do.

        Raises:
            SettingsError: it is of another type or out of range; `source` says where it came from.
        """
        if type(value) is not self.type or not self.rule.accepts(value):
            shown = (
                "" if self.name in _SECRETS else f", not {json.dumps(value, ensure_ascii=False, default=str)}"
            )
            raise SettingsError(f"{self.name} must be {self.rule.expects}{shown} ({source})")
        return value


SETTINGS: Final = (
    Setting("host", str, "127.0.0.1", "HOST", "Address to listen on.", HOST),
    Setting("port", int, 9090, "PORT", "Port to listen on; 0 takes a free one.", number(0, 65535)),
    Setting("workers", int, 1, "NUMBER", "Processes that answer requests.", number(1, 64)),
    Setting("threads", int, 1, "NUMBER", "Threads a process; pays with a far database only.", number(1, 64)),
    Setting(
        "data",
        str,
        None,
        "FILE",
        "File to keep the payments in (SQLite); without it they are gone when the server stops.",
        DATA_FILE,
    ),
    Setting(
        "database_url",
        str,
        None,
        "URL",
        "Database to keep the payments in, as a SQLAlchemy URL, instead of `data`.",
        DATABASE_URL,
    ),
    Setting(
        "public_url",
        str,
        None,
        "URL",
        "What links to receipts begin with; else the address that the request came in by.",
        BASE_URL,
    ),
    Setting(
        "default_contract",
        str,
        "kiosk",
        "CONTRACT",
        "Shape of the errors for callers whose key belongs to nobody: kiosk or toss.",
        one_of(*CONTRACTS),
    ),
    Setting(
        "log_format",
        str,
        "text",
        "FORMAT",
        "How each request is logged: text, json or none.",
        one_of("text", "json", "none"),
    ),
    Setting(
        "secret_keys",
        list,
        None,
        "KEY[=CONTRACT]",
        "Secret key of one more merchant, on the contract kiosk (if none is named) or toss.",
        KEYS,
    ),
    Setting(
        "open",
        bool,
        False,
        "",
        "Give every test key that nobody knows a sandbox of its own, on the contract toss.",
        SWITCH,
    ),
    Setting(
        "journal_entries",
        int,
        10_000,
        "NUMBER",
        "Requests that the journal of each sandbox keeps, the newest; 0 keeps none.",
        number(0, 10_000_000),
    ),
    Setting("control_token", str, None, "TOKEN", "Token that calls of the control API must send.", TOKEN),
    Setting(
        "webhook_targets",
        str,
        "any",
        "HOSTS",
        "Hosts that webhooks may go to: any, loopback, or names separated by commas.",
        HOST,
    ),
    Setting(
        "max_connections",
        int,
        1000,
        "NUMBER",
        "Connections that a process keeps open at once; one more is answered 503.",
        number(1, 100_000),
    ),
    Setting("settings", str, None, "FILE", "TOML file to read settings from.", FILE_NAME),
)

_PATHS: Final = {"data", "settings"}
_IN_FILE: Final = {setting.name for setting in SETTINGS} - {"settings"} | {"merchants"}


def load_settings(
    flags: Mapping[str, str | tuple[str, ...] | None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings: a flag before an environment variable, before the TOML file, before the default.

    `flags` has the texts given on the command line by setting name, None or () for one that was not given.
    An empty environment variable counts as not set.

    Raises:
        SettingsError: a value will not do, or a name is unknown; the message is one line for the user.
    """
    flags = {} if flags is None else flags
    environment = os.environ if environment is None else environment
    given = _given_values(flags, environment)
    table = _read_file(given["settings"]) if "settings" in given else {}
    merchant_tables = table.pop("merchants", [])
    for name, value in table.items():
        given.setdefault(name, _by_name(name).check(value, f"in {given['settings']}"))
    if "data" in given and "database_url" in given:
        raise SettingsError("data and database_url exclude each other: give one of them")
    added = [*merchants_from_tables(merchant_tables), *map(merchant_from_key, given.pop("secret_keys", []))]
    given["merchants"] = refuse_duplicates((*BUILT_IN_MERCHANTS, *added))
    for name in _PATHS & given.keys():
        given[name] = Path(given[name])
    return Settings(**given)


def _given_values(
    flags: Mapping[str, str | tuple[str, ...] | None], environment: Mapping[str, str]
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for setting in SETTINGS:
        flag = flags.get(setting.name)
        if flag is not None and flag != ():
            value = setting.from_text(flag) if isinstance(flag, str) else list(flag)
            given[setting.name] = setting.check(value, setting.flag)
        elif text := environment.get(setting.environment):
            given[setting.name] = setting.check(setting.from_text(text), setting.environment)
    return given


def _read_file(name: str) -> dict[str, Any]:
    # Most starts read no file.
    import tomllib

    try:
        return tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"settings: can't read {name}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"settings: {name} is not TOML: {error}") from error


def _by_name(name: str) -> Setting:
    for setting in SETTINGS:
        if setting.name == name and name in _IN_FILE:
            return setting
    raise SettingsError(unknown_name("a setting", name, _IN_FILE))
