"""A merchant's description, and how values enter its requests and leave its answers."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jsonpath
from jsonpath.exceptions import JSONPathError

STATES: Final = ("open", "pending", "paid", "failed", "refunded", "partly_refunded")
"""The states that an order can be in, in our words; a merchant's words are mapped to them."""

VERBS: Final = (
    "log_in",
    "place_order",
    "place_single",
    "returned",
    "pay",
    "order",
    "refund",
    "partial_refund",
    "reconcile",
    "reset",
    "virtual_account",
)
"""What a merchant can be asked to do: a section each, or a verb of the driver program."""


class DescriptionError(Exception):
    """The file can't be read as a description; the text is one line that names key and line."""


@dataclass(frozen=True)
class Recipe:
    """How one verb is carried out over HTTP; `outputs` say where the answer has its values."""

    verb: str
    method: str
    path: str
    json: Any = None
    form: Mapping[str, Any] | None = None
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GoodsOnSale:
    """An item with plenty in stock, and items with one piece each."""

    plenty: str | None = None
    single: tuple[str, ...] = ()


@dataclass(frozen=True)
class PagesOfShop:
    """The page on which an order is paid, and the selector of its pay button."""

    page: str
    pay: str


@dataclass(frozen=True)
class Description:
    """A merchant as its file tells it; times are in seconds."""

    name: str
    base_url: str
    contract: str = "toss"
    webhook_url: str | None = None
    settles_within: float = 20.0
    timeout: float = 5.0
    order_at_provider: str = "{orderId}"
    start: tuple[str, ...] = ()
    driver: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secret_key: str | None = None
    client_key: str | None = None
    provider_port: int | None = None
    shopper: str = "control"
    signing_key: str | None = None
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    states: Mapping[str, str] = field(default_factory=dict)
    goods: GoodsOnSale = field(default_factory=GoodsOnSale)
    pages: PagesOfShop | None = None

    def has(self, verb: str) -> bool:
        """Tell whether the merchant can be asked to do this; a driver says so itself."""
        return verb in self.declared

    @property
    def pays_by(self) -> str:
        """The verb that charges: `pay` on the kiosk contract, `returned` on Toss's."""
        return "pay" if self.contract == "kiosk" else "returned"


_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


class OutputError(ValueError):
    """The place of a value can't be understood."""


def checked_output(value: Any) -> str:
    r"""Return the place of a value, as it was written, once it is checked.

    A JSONPath such as `$.order.id`, `header:Location`, `cookie:session`, or `pattern:order-(\d+)`; in a
    pattern the first group is the value.

    Raises:
        OutputError: it is none of these.
    """
    if not isinstance(value, str):
        raise OutputError('must be text that says where the answer has it, such as "$.status"')
    if value.startswith(("header:", "cookie:")):
        return value
    try:
        if value.startswith("pattern:"):
            if re.compile(value.removeprefix("pattern:")).groups < 1:
                raise OutputError("is a pattern without a group; put ( ) around the value")
        elif value.startswith("$"):
            jsonpath.compile(value)
        else:
            raise OutputError('must begin with "$", "header:", "cookie:" or "pattern:"')
    except re.error as error:
        raise OutputError(f"is not a pattern: {error}") from error
    except JSONPathError as error:
        raise OutputError(f"is not a JSONPath: {str(error).splitlines()[0]}") from error
    return value


def extract(output: str, text: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Any:
    """Return the value at that place of an answer, or None."""
    if output.startswith("header:"):
        return headers.get(output.removeprefix("header:"))
    if output.startswith("cookie:"):
        return cookies.get(output.removeprefix("cookie:"))
    if output.startswith("pattern:"):
        found = re.search(output.removeprefix("pattern:"), text)
        return None if found is None else found[1]
    try:
        content = json.loads(text)
    except ValueError:
        return None
    match = jsonpath.match(output, content) if isinstance(content, dict | list) else None
    return None if match is None else match.obj


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """Put values in the place of `{name}`, everywhere in a template.

    A text that is nothing but `{name}` becomes the value as it is, a number too; unknown names stay.
    """

    def filled(leaf: Any) -> Any:
        if not isinstance(leaf, str):
            return leaf
        whole = _PLACEHOLDER.fullmatch(leaf)
        if whole and whole[1] in values:
            return values[whole[1]]
        return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), leaf)

    return _with_each_leaf(template, filled)


def replaced(template: Any, old: str | None, new: str) -> Any:
    """Put another item in the place of one, everywhere in a template."""
    return _with_each_leaf(template, lambda leaf: new if old is not None and leaf == old else leaf)


def _with_each_leaf(template: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(template, dict):
        return {key: _with_each_leaf(value, change) for key, value in template.items()}
    if isinstance(template, list):
        return [_with_each_leaf(value, change) for value in template]
    return change(template)


def whole_number(value: Any) -> int | None:
    """Read an amount of won: 12000, 12000.0, "12,000"; None if it is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return round(value)
    digits = re.sub(r"[^\d-]", "", value) if isinstance(value, str) else ""
    return int(digits) if digits.lstrip("-").isdigit() else None
