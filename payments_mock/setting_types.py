"""Settings as options of click, types that click lacks, and one-line refusals of a start."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import click
from click.core import ParameterSource

from payments_mock.domain.values import LONGEST_URL
from payments_mock.domain.webhooks import read_targets
from payments_mock.merchant_settings import SettingsError, merchant_from_key

ENVIRONMENT_PREFIX: Final = "PAYMENTS_MOCK"
_SECRETS: Final = ("database_url", "secret_keys", "control_token")


class PlainNumber(click.IntRange):
    """A whole number in plain digits, in an inclusive range; int() alone would accept more."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or fail."""
        if re.fullmatch(r"[+-]?[0-9]{1,18}", str(value)) is None:
            self.fail("not a whole number", param, ctx)
        return super().convert(value, param, ctx)


class FormedText(click.types.StringParamType):
    """A text of a certain form; `expects` finishes the sentence "NAME must be ...", `accepts` checks it."""

    name = "text"

    def __init__(self, expects: str, accepts: Callable[[str], bool], reads: type = str) -> None:
        self.expects = expects
        self._accepts = accepts
        self._reads = reads

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the text as the type that it is read as, or fail."""
        return self._reads(value) if self._accepts(value) else self.fail(self.expects, param, ctx)


class MerchantKeys(click.types.StringParamType):
    """`KEY` or `KEY=CONTRACT`, read as the merchant that it makes; a variable separates many by commas."""

    name = "keys"
    expects: Final = "a list of texts, each KEY or KEY=CONTRACT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the merchant.

        Raises:
            SettingsError: the key can't be one, or the contract is unknown.
        """
        return merchant_from_key(value)

    def split_envvar_value(self, rv: str) -> list[str]:
        """Return the keys of a variable."""
        return [key.strip() for key in rv.split(",") if key.strip()]


class Setting(click.Option):
    """One setting: how it is spelt in every source, what it accepts, and what it is for.

    Click's `auto_envvar_prefix` and the name make the variable; click's `default_map` is the TOML file.
    """

    def __init__(self, flag: str, type: click.ParamType[Any], metavar: str, help: str, **more: Any) -> None:
        name = more.pop("name", flag.removeprefix("--").replace("-", "_"))
        super().__init__(
            [flag, name], type=type, metavar=metavar or None, help=help, show_default=True, **more
        )
        self.flag = flag
        self.environment = f"{ENVIRONMENT_PREFIX}_{name.upper()}"

    @property
    def usage(self) -> str:
        """The flag as help shows it, with what it takes; a switch takes nothing."""
        return f"{self.flag} {self.metavar or ''}".rstrip()

    @property
    def shown_default(self) -> str:
        """The default as a user would write it, nothing where there is none."""
        if isinstance(self.default, bool):
            return str(self.default).lower()
        return "" if self.default is None else str(self.default)

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Read a value from any source.

        Raises:
            SettingsError: it will not do.
        """
        try:
            return super().type_cast_value(ctx, value)
        except click.BadParameter as error:
            raise self.refusal(value, self._source(ctx)) from error

    def check_type(self, value: object, source: str) -> None:
        """Refuse a value of the TOML file that has another type, as click would accept many as text.

        Raises:
            SettingsError: it is of another type.
        """
        if self.multiple:
            fits = isinstance(value, list) and all(isinstance(member, str) for member in value)
        elif self.is_flag:
            fits = isinstance(value, bool)
        else:
            fits = type(value) is (int if isinstance(self.type, click.IntRange) else str)
        if not fits:
            raise self.refusal(value, source)

    def refusal(self, value: object, source: str) -> SettingsError:
        """Return the refusal of a value; `source` says where it came from."""
        shown = "" if self.name in _SECRETS else f", not {_shown(value)}"
        return SettingsError(f"{self.name} must be {_expected(self.type)}{shown} ({source})")

    def _source(self, ctx: click.Context) -> str:
        match ctx.get_parameter_source(self.name):
            case ParameterSource.COMMANDLINE:
                return self.flag
            case ParameterSource.ENVIRONMENT:
                return self.environment
        return f"in {ctx.params['settings']}"


def _expected(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.IntRange):
        return f"a whole number from {kind.min} to {kind.max}"
    if isinstance(kind, click.Choice):
        return f"{', '.join(kind.choices[:-1])} or {kind.choices[-1]}"
    return getattr(kind, "expects", "true or false")


def _shown(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_plain(text: str) -> bool:
    return bool(text) and text.isprintable() and " " not in text


def _is_token(text: str) -> bool:
    return re.fullmatch(r"[!-~]{8,200}", text) is not None


def sqlite_url(file: Path) -> str:
    """Return the SQLAlchemy URL of a SQLite file; what would mean something else in a URL is escaped."""
    return f"sqlite:///{quote(str(file.absolute()))}"


def _is_folder(text: str) -> bool:
    return bool(text) and "\0" not in text and Path(text).is_dir()


def _is_data_file(text: str) -> bool:
    """Tell whether SQLite could keep a file there; a "?" would begin the query part of a URL."""
    path = Path(text)
    if not text or "?" in text or "\0" in text or not path.parent.is_dir():
        return False
    try:
        return not path.exists() or path.is_file()
    except OSError:
        # The name may be too long.
        return False


def _is_database_url(text: str) -> bool:
    if re.fullmatch(r"[a-z0-9_]+(\+[a-z0-9_]+)?:/.*", text) is None:
        return False
    # Imported late, as most starts name no database.
    from sqlalchemy.engine import make_url

    try:
        url = make_url(text)
    except ValueError:
        # The port is no number.
        return False
    # Without a file SQLite would keep another database in each connection's memory.
    return not url.drivername.startswith("sqlite") or url.database not in (None, "", ":memory:")


def _are_webhook_targets(text: str) -> bool:
    try:
        read_targets(text)
    except ValueError:
        return False
    return True


def _is_base_url(text: str) -> bool:
    if not _is_plain(text) or not text.startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(text)
        return (
            bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        return False


def _is_webhook_url(text: str) -> bool:
    if not _is_plain(text) or not text.startswith(("http://", "https://")) or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0 and len(text) <= LONGEST_URL
    except ValueError:
        return False


TOKEN: Final = FormedText("8 to 200 printable ASCII characters without spaces", _is_token)
WEBHOOK_TARGETS: Final = FormedText(
    "any, loopback or host names such as shop.example.com:8443, separated by commas", _are_webhook_targets
)
WEBHOOK_URL: Final = FormedText("an address such as http://localhost:8080/webhooks", _is_webhook_url)
HOST: Final = FormedText("a host name or address", _is_plain)
DATA_FILE: Final = FormedText("a file in a folder that exists", _is_data_file, reads=Path)
FOLDER: Final = FormedText("a folder that exists", _is_folder, reads=Path)
DATABASE_URL: Final = FormedText("a SQLAlchemy URL such as sqlite:////tmp/payments.db", _is_database_url)
BASE_URL: Final = FormedText("an address such as https://pay.example.com", _is_base_url)


@contextmanager
def refusing_in_one_line() -> Iterator[None]:
    """Run a command that serves; what keeps it from running is told in one line.

    Raises:
        SettingsError: it can't run.
    """
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise SettingsError(f"can't run: {reason_of(error)}") from error


@contextmanager
def needing_extra(extra: str, module: str) -> Iterator[None]:
    """Import something that needs an extra of the package.

    Raises:
        SettingsError: the module is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != module:
            raise
        raise SettingsError(
            f"{module} is not installed: pip install {module}; the extra {extra} of payments-mock has it"
        ) from error


def reason_of(error: Exception) -> str:
    """Return what an error says to a user, without the statement or the number that comes with it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    # SQLAlchemy adds the statement and a link to its own error, which is in `orig`.
    return str(getattr(error, "orig", None) or error) or type(error).__name__
