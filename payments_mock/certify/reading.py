"""Reads a merchant's description from TOML, strictly; an error is one line that names key and line."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from payments_mock.certify.description import (
    STATES,
    VERBS,
    Description,
    DescriptionError,
    GoodsOnSale,
    OutputError,
    PagesOfShop,
    Recipe,
    checked_output,
)

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_BODIES: Final = ("json", "form", "query", "headers")
_OUTPUTS: Final = {
    "place_order": ("order_id", "amount"),
    "place_single": ("order_id", "amount"),
    "order": ("status", "refunded", "delivered"),
}
_NEEDED: Final = {"place_order": ("order_id", "amount"), "order": ("status",)}


def load_description(path: Path) -> Description:
    """Read a description.

    Raises:
        DescriptionError: it can't be read; says which key, on which line, and what would be right.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise DescriptionError(f"{path}: {reason}") from error
    return read_description(text, str(path))


def read_description(text: str, name: str = "merchant.toml") -> Description:
    """Read a description from text; `name` is what errors call it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DescriptionError(f"{name}: {error}") from error
    return _Reader(name, text, content).read()


class _Reader:
    def __init__(self, name: str, text: str, content: Mapping[str, Any]) -> None:
        self.name = name
        self.text = text
        self.content = content

    def read(self) -> Description:
        self._known("", self.content, ("merchant", "goods", "browser", *VERBS))
        merchant = self._merchant()
        is_driven = bool(merchant.get("driver"))
        recipes = {
            verb: self._recipe(verb)
            for verb in VERBS
            if verb in self.content and not is_driven and not self._is_only_declared(verb)
        }
        declared = frozenset(verb for verb in VERBS if verb in self.content)
        if is_driven:
            states = self._states() if "order" in self.content else {}
            return Description(**merchant, states=states, goods=self._goods())
        for verb in ("place_order", "order", "pay" if merchant["contract"] == "kiosk" else "returned"):
            if verb not in declared:
                raise self._error("", verb, f"[{verb}] is missing; without it no order can be judged")
        return Description(
            **merchant,
            recipes=recipes,
            declared=declared,
            states=self._states(),
            goods=self._goods(),
            pages=self._pages(merchant),
        )

    def _merchant(self) -> dict[str, Any]:
        table = self._table("merchant")
        self._known("merchant", table, tuple(_MERCHANT))
        read: dict[str, Any] = {}
        for key, (kind, expects, accepts) in _MERCHANT.items():
            if key not in table:
                continue
            value = table[key]
            if not _is_of(value, kind) or not accepts(value):
                raise self._error("merchant", key, f"must be {expects}")
            read[key] = tuple(value) if kind is list else value
        for key in ("name", "base_url"):
            if key not in read:
                raise self._error("merchant", key, "is missing")
        read.setdefault("contract", "toss")
        read["base_url"] = read["base_url"].rstrip("/")
        if read["contract"] == "kiosk" and "webhook_url" in read:
            raise self._error("merchant", "webhook_url", "the kiosk contract has no webhooks; leave it out")
        return read

    def _is_only_declared(self, verb: str) -> bool:
        """Tell whether an empty section says that the shop takes virtual accounts, as it takes cards."""
        return verb == "virtual_account" and self.content[verb] == {}

    def _recipe(self, verb: str) -> Recipe:
        table = self._table(verb)
        request = table.get("request")
        parts = request.split(" ") if isinstance(request, str) else []
        if len(parts) != 2 or parts[0] not in _METHODS or not parts[1].startswith(("/", "http", "{")):
            raise self._error(verb, "request", 'must be a method and a path, such as "POST /orders"')
        outputs = self._outputs(verb, table)
        if "json" in table and "form" in table:
            raise self._error(verb, "form", "a request has json or form, not both")
        for key in ("form", "query", "headers"):
            if key in table and not isinstance(table[key], dict):
                raise self._error(verb, key, "must be a table")
        bodies = {key: table[key] for key in _BODIES if key in table}
        return Recipe(verb, parts[0], parts[1], outputs=outputs, **bodies)

    def _outputs(self, verb: str, table: Mapping[str, Any]) -> dict[str, str]:
        known = _OUTPUTS.get(verb, ())
        is_free = verb in ("log_in", "place_order", "place_single")
        if not is_free:
            extra = ("states",) if verb == "order" else ()
            self._known(verb, table, ("request", *_BODIES, *known, *extra))
        for key in _NEEDED.get(verb, ()):
            if key not in table:
                raise self._error(verb, key, 'is missing; say where the answer has it, such as "$.status"')
        outputs = {}
        for key, value in table.items():
            if key in ("request", *_BODIES, "states"):
                continue
            try:
                outputs[key] = checked_output(value)
            except OutputError as error:
                raise self._error(verb, key, str(error)) from error
        return outputs

    def _states(self) -> dict[str, str]:
        states = self._table("order").get("states")
        if not isinstance(states, dict):
            raise self._error(
                "order", "states", 'is missing; map them, such as { paid = ["PAID"], open = ["OPEN"] }'
            )
        meant: dict[str, str] = {}
        for state, words in states.items():
            if state not in STATES:
                raise self._error(
                    "order", "states", f"knows no {state!r}; the states are {', '.join(STATES)}"
                )
            if not isinstance(words, list) or not all(isinstance(word, str | int) for word in words):
                raise self._error("order", "states", f"{state} must be a list of the merchant's words")
            for word in words:
                if meant.setdefault(str(word), state) != state:
                    raise self._error("order", "states", f"{word!r} is both {meant[str(word)]} and {state}")
        if "paid" not in meant.values():
            raise self._error("order", "states", "must say which word means paid")
        return meant

    def _goods(self) -> GoodsOnSale:
        table = self._table("goods") if "goods" in self.content else {}
        self._known("goods", table, ("plenty", "single"))
        single = table.get("single", [])
        if not isinstance(single, list) or not all(isinstance(item, str) for item in single):
            raise self._error("goods", "single", "must be a list of items of which there is one piece each")
        if not isinstance(table.get("plenty", ""), str):
            raise self._error("goods", "plenty", "must be an item")
        return GoodsOnSale(table.get("plenty"), tuple(single))

    def _pages(self, merchant: Mapping[str, Any]) -> PagesOfShop | None:
        if merchant.get("shopper", "control") != "browser":
            return None
        if merchant["contract"] == "kiosk":
            raise self._error("merchant", "shopper", "the kiosk contract has no window; leave it out")
        table = self._table("browser")
        self._known("browser", table, ("page", "pay"))
        for key in ("page", "pay"):
            if not isinstance(table.get(key), str):
                raise self._error("browser", key, "must be text: the page of an order, its pay button")
        return PagesOfShop(table["page"], table["pay"])

    def _table(self, section: str) -> Mapping[str, Any]:
        table = self.content.get(section)
        if not isinstance(table, dict):
            raise self._error("", section, f"[{section}] is missing or no table")
        return table

    def _known(self, section: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for key in table:
            if key not in names:
                raise self._error(section, key, f"is not known; known are {', '.join(names)}")

    def _error(self, section: str, key: str, why: str) -> DescriptionError:
        line = line_of(self.text, section, key)
        what = f"{section}.{key}" if section else key
        return DescriptionError(f"{self.name}:{line}: {what} {why}")


def line_of(text: str, section: str, key: str) -> int:
    """Return the line of a key, or of its section, or 1."""
    inside = section == ""
    found = 1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line)
        if header:
            name = header[1]
            if name in (section or key, f"{section}.{key}"):
                found = number
            inside = section in ("", name) and (section != "" or name == key)
        elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return number
    return found


def _is_of(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _is_url(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_command(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(part, str) for part in value)


def _is_pattern(value: str) -> bool:
    try:
        re.compile(value.replace("{orderId}", "x"))
    except re.error:
        return False
    return "{orderId}" in value


_MERCHANT: Final[Mapping[str, tuple[type, str, Any]]] = {
    "name": (str, "a name", bool),
    "base_url": (str, "a URL such as http://127.0.0.1:8080", _is_url),
    "contract": (str, '"toss" or "kiosk"', ("toss", "kiosk").__contains__),
    "webhook_url": (str, "a URL such as http://127.0.0.1:8080/webhooks", _is_url),
    "settles_within": (float, "seconds, more than 0 and at most 600", lambda value: 0 < value <= 600),
    "timeout": (float, "seconds, more than 0 and at most 300", lambda value: 0 < value <= 300),
    "order_at_provider": (str, "a pattern with {orderId} in it", _is_pattern),
    "start": (list, "a command, a list of texts", _is_command),
    "driver": (list, "a command, a list of texts", _is_command),
    "environment": (
        dict,
        "a table of texts",
        lambda value: all(isinstance(one, str) for one in value.values()),
    ),
    "secret_key": (str, "a key", bool),
    "client_key": (str, "a key", bool),
    "provider_port": (int, "a port, 1 to 65535", lambda value: 0 < value < 65536),
    "shopper": (str, '"control" or "browser"', ("control", "browser").__contains__),
    "signing_key": (str, "the security key of signed events", bool),
}
