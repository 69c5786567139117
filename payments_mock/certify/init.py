"""Writes a description to begin with: from an OpenAPI document, or from answers."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import requests

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_PLACEHOLDERS: Final = {
    "paymentkey": "{paymentKey}",
    "orderid": "{orderId}",
    "amount": "{amount}",
    "totalamount": "{amount}",
    "reason": "{reason}",
    "cancelreason": "{reason}",
}
_WORDS: Final = (
    ("partly_refunded", r"part"),
    ("refunded", r"refunded|cancell?ed|returned"),
    ("pending", r"pend|process|unknown|wait|paying|await|progress"),
    ("paid", r"paid|done|approved|complete|settled|shipped"),
    ("failed", r"fail|abort|expire|declin|reject|closed"),
    ("open", r"open|new|created|placed|ready|draft"),
)
_IDS: Final = ("orderId", "order_id", "id", "number")
_AMOUNTS: Final = ("amount", "totalAmount", "total_amount", "total", "price", "sum")
_STATES: Final = ("status", "state", "orderStatus", "order_status")


class NotAnOpenApiError(Exception):
    """The file is not an OpenAPI document; the text is one line that says why."""


@dataclass(frozen=True)
class FoundOperation:
    """An operation of a document that looks like one of our verbs."""

    method: str
    path: str
    body: Any
    answer: Mapping[str, Any]

    @property
    def request(self) -> str:
        """The request as a recipe says it, with the order's id where the path has a variable."""
        return f"{self.method.upper()} {re.sub(r'[{][^}]+[}]', '{orderId}', self.path)}"


def read_document(source: str) -> Mapping[str, Any]:
    """Read an OpenAPI document, JSON, from a URL or a file.

    Raises:
        NotAnOpenApiError: there is none.
    """
    try:
        text = requests.get(source, timeout=10).text if "://" in source else Path(source).read_text("utf-8")
        content = json.loads(text)
    except (requests.RequestException, OSError, ValueError) as error:
        raise NotAnOpenApiError(f"{source}: {' '.join(str(error).split())}; it must be JSON") from error
    if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
        raise NotAnOpenApiError(f"{source}: has no paths, so is no OpenAPI document")
    return content


class Document:
    """Finds in an OpenAPI document what a shop does for its shoppers."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content

    def base_url(self, source: str) -> str | None:
        """Return where the document says that the server is."""
        servers = self._content.get("servers") or [{}]
        url = servers[0].get("url")
        if url and "://" in url:
            return str(url).rstrip("/")
        return urljoin(source, url or "/").rstrip("/") if "://" in source else None

    def title(self) -> str | None:
        """Return what the document calls the server."""
        return (self._content.get("info") or {}).get("title")

    def find(self, means: Callable[[str, str, Any], bool]) -> FoundOperation | None:
        """Return the first operation that matches, shortest paths first."""
        found = [one for one in self._operations() if means(one.method, one.path.lower(), one.body)]
        return min(found, key=lambda one: len(one.path), default=None)

    def _operations(self) -> Iterator[FoundOperation]:
        for path, methods in self._content["paths"].items():
            for method in _METHODS:
                if method in methods:
                    yield self._operation(path, method, methods[method])

    def _operation(self, path: str, method: str, shown: Mapping[str, Any]) -> FoundOperation:
        body = self._example(self._media(shown.get("requestBody")))
        answers = shown.get("responses") or {}
        good = next((answers[code] for code in sorted(answers) if str(code).startswith("2")), None)
        schema = self._resolved((self._media(good)).get("schema") or {})
        return FoundOperation(method, path, body, schema)

    def _media(self, holder: Any) -> Mapping[str, Any]:
        content = self._resolved(holder or {}).get("content") or {}
        return content.get("application/json") or next(iter(content.values()), {})

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = schema.get("$ref", "")
        if not reference.startswith("#/"):
            return schema
        found: Any = self._content
        for part in reference[2:].split("/"):
            found = found.get(part, {})
        return self._resolved(found)

    def _example(self, media: Mapping[str, Any]) -> Any:
        if "example" in media:
            return media["example"]
        for example in (media.get("examples") or {}).values():
            return self._resolved(example).get("value")
        return self._made(media.get("schema") or {}, 0)

    def _made(self, given: Mapping[str, Any], depth: int) -> Any:
        schema = self._resolved(given)
        for key in ("example", "default", "const"):
            if key in schema:
                return schema[key]
        if schema.get("enum"):
            return schema["enum"][0]
        if "properties" in schema and depth < 5:
            wanted = schema.get("required") or list(schema["properties"])
            return {name: self._made(schema["properties"].get(name, {}), depth + 1) for name in wanted}
        if schema.get("type") == "array":
            return [self._made(schema.get("items") or {}, depth + 1)]
        return {"integer": 1, "number": 1, "boolean": True, "string": "text"}.get(str(schema.get("type")))

    def path_to(
        self, schema: Mapping[str, Any], names: tuple[str, ...]
    ) -> tuple[str, Mapping[str, Any]] | None:
        """Return the JSONPath of a property with one of these names, and its schema; outer ones first."""
        level = [("$", self._resolved(schema))]
        for _ in range(3):
            for name in names:
                for path, one in level:
                    if name in (one.get("properties") or {}):
                        return f"{path}.{name}", self._resolved(one["properties"][name])
            level = [
                (f"{path}.{name}", self._resolved(inner))
                for path, one in level
                for name, inner in (one.get("properties") or {}).items()
            ]
        return None


def states_of(words: list[str]) -> dict[str, list[str]]:
    """Guess which of a merchant's words mean which of our states."""
    meant: dict[str, list[str]] = {}
    for word in words:
        stem = "pending" if re.search("pend", word, re.IGNORECASE) else word
        for state, pattern in _WORDS:
            if re.search(pattern, stem, re.IGNORECASE):
                meant.setdefault(state, []).append(word)
                break
    return meant


def _has(path: str, *words: str) -> bool:
    return any(word in path for word in words)


_OTHER_ACTS: Final = ("cancel", "refund", "confirm", "pay", "hook", "fail", "hold", "resolve", "settle")
_MEANINGS: Final[Mapping[str, Callable[[str, str, Any], bool]]] = {
    "place_order": lambda method, path, _: (
        method == "post" and _has(path, "order", "cart", "checkout") and not _has(path, "{", *_OTHER_ACTS)
    ),
    "order": lambda method, path, _: method == "get" and _has(path, "order") and path.endswith("}"),
    "pay": lambda method, path, _: method == "post" and "{" in path and _has(path, "/pay", "/charge"),
    "returned": lambda method, path, body: (
        method in ("post", "get") and _has(path, "confirm", "success") and "paymentKey" in json.dumps(body)
    ),
    "refund": lambda method, path, _: method == "post" and "{" in path and _has(path, "refund", "cancel"),
    "webhook": lambda method, path, _: method == "post" and _has(path, "hook", "callback"),
    "reconcile": lambda method, path, _: method == "post" and _has(path, "reconcile"),
}


def described(name: str, base_url: str, contract: str, document: Document | None = None) -> str:
    """Write a description, with what the document tells and remarks where a person has to look."""
    found = {verb: document.find(means) if document else None for verb, means in _MEANINGS.items()}
    lines = [
        "[merchant]",
        f"name = {_toml(name)}",
        f"base_url = {_toml(base_url)}",
        f"contract = {_toml(contract)}  # toss: the shopper pays in a window; kiosk: there is no window",
    ]
    if contract == "toss":
        hook = found["webhook"]
        line = f"webhook_url = {_toml(base_url + (hook.path if hook else '/webhooks/toss'))}"
        lines.append(line if hook or not document else f"# {line}")
    lines += [
        "settles_within = 20                      # seconds until an order must have its final state",
        "timeout = 5                              # seconds that your server waits for the provider",
        '# start = ["java", "Shop.java"]          # started with PROVIDER_URL, SECRET_KEY and CLIENT_KEY',
        "# Not started from here? Then it calls http://127.0.0.1:9090 with the keys of docs/certify.md.",
        "",
    ]
    paying = "pay" if contract == "kiosk" else "returned"
    for verb in ("place_order", paying, "order", "refund", "reconcile"):
        lines += _section(verb, found[verb], document)
    lines += [
        "# [goods]                                # an item of which there is plenty, and single pieces"
    ]
    lines += ['# plenty = "popcorn"', '# single = ["seat-a1", "seat-a2"]', ""]
    return "\n".join(lines)


_GUESSES: Final = {
    "place_order": ("POST /orders", {"items": [{"id": "popcorn", "quantity": 1}]}),
    "pay": ("POST /orders/{orderId}/pay", None),
    "returned": (
        "POST /payments/confirm",
        {"paymentKey": "{paymentKey}", "orderId": "{orderId}", "amount": "{amount}"},
    ),
    "order": ("GET /orders/{orderId}", None),
    "refund": ("POST /orders/{orderId}/refund", {"reason": "{reason}"}),
    "reconcile": ("POST /reconcile", None),
}


def _section(verb: str, found: FoundOperation | None, document: Document | None) -> list[str]:
    request, body = _GUESSES[verb]
    if found is not None:
        request, body = found.request, _with_placeholders(found.body, verb)
    lines = [f"[{verb}]", f"request = {_toml(request)}"]
    if body:
        lines.append(f"json = {_toml(body)}")
    lines += _outputs(verb, found, document)
    if found is None and (document is not None or verb == "reconcile"):
        is_needed = verb not in ("refund", "reconcile")
        lines = ["# Look here: the document shows nothing like it." if is_needed else "# If you have it:"] + (
            lines if is_needed else [f"# {line}" for line in lines]
        )
    return [*lines, ""]


def _outputs(verb: str, found: FoundOperation | None, document: Document | None) -> list[str]:
    def path(names: tuple[str, ...]) -> tuple[str, Mapping[str, Any]]:
        place = document.path_to(found.answer, names) if document and found else None
        return place or (f"$.{names[0]}", {})

    if verb == "place_order":
        return [f"order_id = {_toml(path(_IDS)[0])}", f"amount = {_toml(path(_AMOUNTS)[0])}"]
    if verb != "order":
        return []
    place, schema = path(_STATES)
    words = [str(word) for word in schema.get("enum") or ("OPEN", "PENDING", "PAID", "FAILED", "REFUNDED")]
    lines = [f"status = {_toml(place)}", f"states = {_toml(states_of(words))}"]
    known = {word for meant in states_of(words).values() for word in meant}
    unknown = [word for word in words if word not in known]
    return [*lines, *(f"# Look here: what does {word} mean?" for word in unknown)]


def _with_placeholders(body: Any, verb: str) -> Any:
    if verb == "place_order" or not isinstance(body, dict):
        return body
    return {key: _PLACEHOLDERS.get(key.lower().replace("_", ""), value) for key, value in body.items()}


def _toml(value: Any) -> str:
    """Write a value in one line of TOML; null has no word there, and is left out."""
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name)} = {_toml(one)}" for name, one in value.items() if one is not None)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value if one is not None)}]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
