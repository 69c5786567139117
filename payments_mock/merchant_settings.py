"""The merchants that settings name: which keys each has, and which contract those keys speak."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

import click

from payments_mock.domain.sandboxes import Switch
from payments_mock.domain.webhooks import read_targets

CONTRACTS: Final = ("kiosk", "toss")
VERSIONS: Final = ("2022-11-16", "2024-06-01")


class SettingsError(click.ClickException):
    """A setting is wrong; the message is one line that says what would be right."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the line to stderr."""
        click.echo(f"payments-mock: {' '.join(self.format_message().split())}", file=file, err=True)


@dataclass(frozen=True)
class MerchantSettings:
    """One merchant: its public id (`mId`), its contract and version, its keys and its switches."""

    id: str
    contract: str = "kiosk"
    version: str = "2022-11-16"
    secret_keys: tuple[str, ...] = ()
    client_keys: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()


BUILT_IN_MERCHANTS: Final = (
    MerchantSettings(id="kiosk", secret_keys=("test_sk_dummy",)),
    MerchantSettings(
        id="toss",
        contract="toss",
        secret_keys=("test_sk_toss_dummy", "test_gsk_toss_dummy"),
        client_keys=("test_ck_toss_dummy", "test_gck_toss_dummy"),
    ),
    # The key pairs of the provider's public documentation, so that its samples run as they are.
    MerchantSettings(
        id="tosspayments",
        contract="toss",
        secret_keys=(
            "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6",
            "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
        ),
        client_keys=(
            "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm",
            "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
        ),
    ),
)

_NAMES: Final = {field.name for field in fields(MerchantSettings)}
_KEY: Final = re.compile(r"[!-9;-~]{1,200}")


def masked(key: str) -> str:
    """Return a key as it may be shown: in full when its name says it is for tests, else its beginning."""
    if key.startswith("test_"):
        return key
    return key[:8] + "…" if len(key) > 20 else "…"


def unknown_name(kind: str, name: str, known: Iterable[str], prefix: str = "") -> str:
    """Return the message for a name that nobody knows, with the known one that looks most like it.

    All names are shown with the `prefix` that they have in common; it does not count for the likeness.
    """
    near = difflib.get_close_matches(name, known, n=1)
    hint = (
        f"did you mean {prefix}{near[0]}?"
        if near
        else f"known: {', '.join(prefix + it for it in sorted(known))}"
    )
    return f"{prefix}{name} is not {kind}; {hint}"


def merchant_from_key(text: str) -> MerchantSettings:
    """Make the merchant of `KEY` or `KEY=CONTRACT`; the same key gives the same id at every start.

    A key that has a "=" of its own needs its contract named.

    Raises:
        SettingsError: the key can't be one, or the contract is unknown.
    """
    key, equals, contract = text.rpartition("=")
    if not equals:
        key, contract = text, "kiosk"
    if contract not in CONTRACTS:
        raise SettingsError(f"secret_keys: the contract after = must be kiosk or toss, not {contract!r}")
    _check_key("secret_keys", key)
    return MerchantSettings(f"key-{sha256(key.encode()).hexdigest()[:10]}", contract, secret_keys=(key,))


def merchants_from_tables(tables: object) -> list[MerchantSettings]:
    """Make the merchants of the TOML file's `[[merchants]]`.

    Raises:
        SettingsError: a table lacks its `id`, has an unknown name, or a value that will not do.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError("merchants must be tables, each begun by the line [[merchants]]")
    return [
        _merchant_from_table(f"merchants[{number}]", table) for number, table in enumerate(tables, start=1)
    ]


def _merchant_from_table(place: str, table: dict[str, Any]) -> MerchantSettings:
    for name in table:
        if name not in _NAMES:
            raise SettingsError(f"{place}: {unknown_name('a setting of a merchant', name, _NAMES)}")
    merchant = MerchantSettings(
        id=_text(place, table, "id", r"[A-Za-z0-9_-]{1,14}", "1 to 14 of A-Z a-z 0-9 _ -"),
        contract=_text(place, table, "contract", "|".join(CONTRACTS), " or ".join(CONTRACTS), CONTRACTS[0]),
        version=_text(place, table, "version", "|".join(VERSIONS), " or ".join(VERSIONS), VERSIONS[0]),
        secret_keys=_keys(place, table, "secret_keys"),
        client_keys=_keys(place, table, "client_keys"),
        switches=_switches(place, table),
    )
    if not merchant.secret_keys:
        raise SettingsError(f"{place}: secret_keys must name at least one key")
    return merchant


def _text(place: str, table: dict[str, Any], name: str, pattern: str, expects: str, default: str = "") -> str:
    value = table.get(name, default)
    if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
        raise SettingsError(
            f"{place}: {name} must be {expects}" + (f", not {value!r}" if name in table else "")
        )
    return value


def _keys(place: str, table: dict[str, Any], name: str) -> tuple[str, ...]:
    keys = table.get(name, [])
    if not isinstance(keys, list):
        raise SettingsError(f"{place}: {name} must be a list of keys")
    for key in keys:
        _check_key(f"{place}: {name}", key)
    return tuple(keys)


def _switches(place: str, table: dict[str, Any]) -> tuple[str, ...]:
    names = table.get("switches", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SettingsError(f"{place}: switches must be a list of names")
    for name in names:
        if name not in list(Switch):
            raise SettingsError(f"{place}: switches: {unknown_name('a switch', name, list(Switch))}")
    return tuple(names)


def _check_key(place: str, key: object) -> None:
    """Refuse a key that is not for tests, or can't be the user part of HTTP Basic credentials."""
    if not isinstance(key, str) or _KEY.fullmatch(key) is None:
        raise SettingsError(
            f"{place}: a key must be 1 to 200 printable ASCII characters, no colon and no spaces"
        )
    if key.startswith("live_"):
        raise SettingsError(f"{place}: {masked(key)} is a live key; give a test key, such as test_sk_...")


def refuse_duplicates(merchants: tuple[MerchantSettings, ...]) -> tuple[MerchantSettings, ...]:
    """Return the merchants if ids and keys tell them apart.

    Raises:
        SettingsError: two have the same id, or a key is given twice.
    """
    owners: dict[str, str] = {}
    for merchant in merchants:
        for key in (*merchant.secret_keys, *merchant.client_keys):
            if key in owners:
                raise SettingsError(
                    f"the key {masked(key)} is given twice: to {owners[key]} and to {merchant.id}"
                )
            owners[key] = merchant.id
    ids = [merchant.id for merchant in merchants]
    for repeated in {id for id in ids if ids.count(id) > 1}:
        raise SettingsError(f"merchants: the id {repeated} is given twice")
    return merchants


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a settings file says.

    Raises:
        SettingsError: it can't be read, or is no TOML.
    """
    # Imported late, as most starts read no file.
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"settings: can't read {path}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"settings: {path} is not TOML: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"settings: {path} is nested too deep") from error


def refuse_where_no_webhook_may_go(url: str, targets: str) -> None:
    """Refuse a webhook URL whose host is not among the allowed ones.

    Raises:
        SettingsError: they do.
    """
    parts = urlsplit(url)
    if not read_targets(targets).allow(parts.scheme, parts.hostname or "", parts.port):
        raise SettingsError(
            f"webhook_url: the setting webhook_targets ({targets}) lets no webhook go to {parts.hostname}"
        )
