"""The merchant under test: its verbs, carried out over HTTP or by its driver program."""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import requests

from payments_mock.certify.description import (
    Description,
    Recipe,
    extract,
    fill,
    replaced,
    whole_number,
)

LEAST_PATIENCE_SECONDS: Final = 10.0
TIMEOUTS_AN_ANSWER: Final = 6
"""How many of its own time-outs a merchant may take for one answer."""
_MOST_TEXT: Final = 2000


class MerchantUnreachableError(Exception):
    """The merchant can't be reached at all: no scenario can say anything about it."""


class NotUnderstoodError(Exception):
    """An answer lacks a value that the description says it has, or a state that it names."""


@dataclass(frozen=True)
class MerchantAnswer:
    """What the merchant answered to one verb; `status` is None if it gave no answer."""

    verb: str
    request: str
    status: int | None
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    curl: str = ""

    @property
    def is_ok(self) -> bool:
        """Tell whether it succeeded; a page answers a form with a redirect."""
        return self.status is not None and self.status < 400

    @property
    def outcome(self) -> str:
        """What came back, in a few words."""
        return self.error or f"{self.status} {' '.join(self.text.split())[:70]}".strip()


@dataclass(frozen=True)
class PlacedOrder:
    """An order that the merchant has taken: its id, amount, and what else its answer named."""

    id: str
    amount: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class SeenOrder:
    """An order as the merchant shows it; `state` is one of ours, `word` the merchant's own."""

    state: str | None
    word: str
    refunded: int | None = None
    delivered: int | None = None
    answer: MerchantAnswer | None = None


class Channel(Protocol):
    """A way to have a merchant carry out a verb, for one shopper."""

    def ask(self, verb: str, values: Mapping[str, Any], item: str | None = None) -> MerchantAnswer:
        """Carry it out, and return what was answered."""

    def close(self) -> None:
        """Close it."""


class HttpChannel:
    """Carries out recipes; cookies, and what a log-in brought, are one shopper's."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._session = requests.Session()
        self._session.trust_env = False
        self._known: dict[str, Any] = {}
        self._logged_in = False
        self._lock = threading.Lock()

    def ask(self, verb: str, values: Mapping[str, Any], item: str | None = None) -> MerchantAnswer:
        """Carry out a recipe; before the first one the shopper logs in, if there is a log-in."""
        with self._lock:
            if verb != "log_in" and not self._logged_in and "log_in" in self._description.recipes:
                self._logged_in = True
                self._known |= self._send(self._description.recipes["log_in"], {}, None).values
        return self._send(self._description.recipes[verb], {**self._known, **values}, item)

    def _send(self, recipe: Recipe, values: Mapping[str, Any], item: str | None) -> MerchantAnswer:
        plenty = self._description.goods.plenty

        def filled(template: Any) -> Any:
            chosen = template if item is None else replaced(template, plenty, item)
            return fill(chosen, {**values, "item": item or plenty or ""})

        path = filled(recipe.path)
        url = path if path.startswith("http") else self._description.base_url + path
        options = {
            "json": filled(recipe.json),
            "data": filled(recipe.form),
            "params": filled(recipe.query),
            "headers": {name: str(value) for name, value in filled(dict(recipe.headers)).items()},
        }
        patience = max(LEAST_PATIENCE_SECONDS, TIMEOUTS_AN_ANSWER * self._description.timeout)
        request = f"{recipe.method} {path}"
        curl = _curl(recipe.method, url, options)
        try:
            answer = self._session.request(
                recipe.method, url, timeout=patience, allow_redirects=False, **options
            )
            text = answer.text
        except requests.RequestException as error:
            return MerchantAnswer(recipe.verb, request, None, error=_reason(error), curl=curl)
        taken = {
            name: extract(output, text, answer.headers, self._session.cookies.get_dict())
            for name, output in recipe.outputs.items()
        }
        return MerchantAnswer(recipe.verb, request, answer.status_code, text[:_MOST_TEXT], taken, curl=curl)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection, or it broke"
    return type(error).__name__


def _curl(method: str, url: str, options: Mapping[str, Any]) -> str:
    line = f"curl -X {method} '{url}'"
    line += "".join(f" -H '{name}: {value}'" for name, value in options["headers"].items())
    if options["json"] is not None:
        body = json.dumps(options["json"], ensure_ascii=False)
        line += f" -H 'Content-Type: application/json' -d '{body}'"
    if options["data"]:
        line += "".join(f" --data-urlencode '{name}={value}'" for name, value in options["data"].items())
    return line


class DriverChannel:
    """Speaks to a driver program: a JSON object a line, `{"verb": ..., values}`, and one line as the answer.

    The answer is `{"ok": true}` with the values of the verb, or `{"ok": false, "message": ...}`.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lock = threading.Lock()

    def verbs(self) -> frozenset[str]:
        """Ask the driver what it can do."""
        return frozenset(self.ask("describe", {}).values.get("verbs", ()))

    def ask(self, verb: str, values: Mapping[str, Any], item: str | None = None) -> MerchantAnswer:
        """Have the driver carry it out."""
        line = json.dumps({"verb": verb, **values} | ({"item": item} if item else {}), ensure_ascii=False)
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018
        with self._lock:
            try:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
                answer = self._process.stdout.readline()
            except (OSError, ValueError):
                answer = ""
        if not answer:
            return MerchantAnswer(verb, line, None, error="the driver has ended", curl=line)
        try:
            values = json.loads(answer)
        except ValueError:
            return MerchantAnswer(verb, line, None, answer, error="the driver's line is no JSON", curl=line)
        status = 200 if values.get("ok", True) else 409
        return MerchantAnswer(verb, line, status, answer.strip()[:_MOST_TEXT], values, curl=line)

    def close(self) -> None:
        """Do nothing: the program serves all scenarios, and is stopped with the run."""


class ShopUnderTest:
    """What a scenario may ask the merchant to do, for one shopper."""

    def __init__(
        self, description: Description, channel: Channel, notice: Callable[[MerchantAnswer, float], None]
    ) -> None:
        self.description = description
        self._channel = channel
        self._notice = notice

    def place_order(self, item: str | None = None) -> PlacedOrder:
        """Place an order for the item there is plenty of, or for another.

        Raises:
            MerchantUnreachableError: there was no answer.
            NotUnderstoodError: the answer has no order id or amount.
        """
        single = item is not None and self.description.has("place_single")
        answer = self.ask("place_single" if single else "place_order", {}, item)
        order_id, amount = answer.values.get("order_id"), whole_number(answer.values.get("amount"))
        if order_id is None or amount is None:
            if answer.status is None:
                raise MerchantUnreachableError(f"{answer.request}: {answer.error}")
            raise NotUnderstoodError(f"{answer.request} answered no order id and amount: {answer.outcome}")
        return PlacedOrder(str(order_id), amount, dict(answer.values))

    def order(self, placed: PlacedOrder) -> SeenOrder:
        """Look at an order."""
        answer = self.ask("order", {"orderId": placed.id, **placed.values})
        word = answer.values.get("status")
        if word is None:
            return SeenOrder(None, answer.outcome, answer=answer)
        state = self.description.states.get(str(word), str(word) if not self.description.states else None)
        return SeenOrder(
            state,
            str(word),
            whole_number(answer.values.get("refunded")),
            whole_number(answer.values.get("delivered")),
            answer,
        )

    def ask(self, verb: str, values: Mapping[str, Any], item: str | None = None) -> MerchantAnswer:
        """Have the merchant carry out a verb, and return its answer."""
        begun = time.time()
        answer = self._channel.ask(verb, values, item)
        self._notice(answer, begun)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._channel.close()
