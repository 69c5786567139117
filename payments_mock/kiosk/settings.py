"""The settings of a kiosk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from payments_mock.kiosk.catalog import DEFAULT_MENU, MenuEntry

Clock = Callable[[], datetime]
"""Tells the current time in UTC."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


class ProviderContract(StrEnum):
    """A way to speak to the provider."""

    KIOSK = "kiosk"
    """Server to server: the kiosk makes the payment and its key itself (the integration guide)."""
    TOSS = "toss"
    """The shopper authenticates in the provider's window, which makes the key; the kiosk confirms."""


@dataclass(frozen=True)
class KeyPair:
    """The merchant's keys: the secret one stays here, the client key goes into the pages."""

    secret: str
    client: str | None

    @property
    def is_for_widgets(self) -> bool:
        """Tell whether the client key opens the widgets; otherwise it opens the payment window."""
        return self.client is not None and "_gck_" in self.client


DEFAULT_KEYS: Mapping[ProviderContract, KeyPair] = MappingProxyType(
    {
        ProviderContract.KIOSK: KeyPair("test_sk_dummy", None),
        ProviderContract.TOSS: KeyPair("test_gsk_toss_dummy", "test_gck_toss_dummy"),
    }
)
"""The well-known keys that every test provider knows."""

LONGEST_TIMEOUT = 300.0
REAL_PROVIDER = "tosspayments.com"


class SettingError(ValueError):
    """A setting is wrong, so the kiosk cannot start; the text names it and says why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


@dataclass(frozen=True)
class KioskSettings:
    """Settings of one kiosk.

    `timeout`, in seconds, bounds the wait for a connection to the provider, and again the wait
    for its whole answer. `data` is an SQLite file to keep; `database_url` any SQLAlchemy URL;
    with neither, a temporary file lives as long as the kiosk. `menu` fills an empty database only.
    Without keys, the well-known test keys of the `contract` are taken. A sale is due to its seller
    `settlement_days` after it was paid; seats are held for a shopper for `hold_seconds`.

    Raises:
        SettingError: on construction, if a value makes no sense.
    """

    provider_url: str = "http://127.0.0.1:9090"
    secret_key: str | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    data: Path | None = None
    database_url: str | None = None
    timeout: float = 5.0
    menu: tuple[MenuEntry, ...] = DEFAULT_MENU
    contract: ProviderContract = ProviderContract.KIOSK
    client_key: str | None = None
    settlement_days: int = 0
    hold_seconds: int = 600

    @property
    def keys(self) -> KeyPair:
        """Return the keys to use: those given, else those that every test provider knows."""
        default = DEFAULT_KEYS[self.contract]
        return default if self.secret_key is None else KeyPair(self.secret_key, self.client_key)

    @property
    def inspector_url(self) -> str | None:
        """Return where a test provider shows what happened to an order; the real one has no such page."""
        host = urlsplit(self.provider_url).hostname or ""
        is_real = host == REAL_PROVIDER or host.endswith(f".{REAL_PROVIDER}")
        return None if is_real else f"{self.provider_url.rstrip('/')}/inspector"

    def __post_init__(self) -> None:
        _check_provider_url(self.provider_url)
        _check_keys(self.contract, self.secret_key, self.client_key)
        _check_timeout(self.timeout)
        _check_database(self.data, self.database_url)


def _check_provider_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname is not None and parts.port != 0
        usable = usable and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise SettingError("provider", f"{url!r} is not a base URL such as http://127.0.0.1:9090")


def _check_keys(contract: ProviderContract, secret: str | None, client: str | None) -> None:
    for name, key in (("secret-key", secret), ("client-key", client)):
        if key is not None and (not key or not key.isascii() or not key.isprintable() or ":" in key):
            raise SettingError(name, "must be printable ASCII without a colon")
    if contract is ProviderContract.KIOSK:
        if client is not None:
            raise SettingError("client-key", "only the toss contract has one; give --contract toss too")
    elif (secret is None) != (client is None):
        raise SettingError("client-key", "give the secret key and the client key of one pair, or neither")
    elif secret is not None and client is not None and ("_gsk_" in secret) != ("_gck_" in client):
        raise SettingError("client-key", "a widget key (gck) goes with gsk, an API key (ck) with sk")


def _check_timeout(seconds: float) -> None:
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise SettingError("timeout", f"must be more than 0 and at most {LONGEST_TIMEOUT:.0f} seconds")


def _check_database(data: Path | None, url: str | None) -> None:
    if data is not None and url is not None:
        raise SettingError("data", "give a file or a database URL, not both")
    if data is not None and (data.is_dir() or not data.parent.is_dir()):
        raise SettingError("data", f"{str(data)!r} is not a file in a folder that exists")
    if url is not None:
        _check_database_url(url)


def _check_database_url(url: str) -> None:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingError(
            "database-url", "is not an SQLAlchemy URL such as sqlite:////tmp/kiosk.db"
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise SettingError(
            "database-url", "an SQLite database in memory cannot be shared by threads; name a file"
        )
