"""What a request says of itself: headers, payment, order and amount; and what of it the journal keeps."""

import shlex
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

import orjson
from flask import Request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from payments_mock.api.bodies import BODY_LIMIT_BYTES, parsed_body, raw_body
from payments_mock.api.values import whole_of
from payments_mock.api.wire import WIRE, Headers, Wire
from payments_mock.domain.faults import RequestFacts
from payments_mock.domain.values import LARGEST_AMOUNT
from payments_mock.http.masking import MASK, mask_fields


def facts_of(operation: str, request: Request, path: Mapping[str, str]) -> RequestFacts:
    """Return the facts of a request; malformed values are left out."""
    body = _json_object(request)
    return RequestFacts(
        operation=operation,
        payment_key=path.get("payment_key") or _text(body.get("paymentKey")),
        order_id=path.get("order_id") or _text(body.get("orderId")),
        amount=_whole(body.get("cancelAmount") if body.get("amount") is None else body["amount"]),
        headers=request.headers,
    )


def _json_object(request: Request) -> Mapping[str, Any]:
    if request.method == "GET":
        return {}
    try:
        content = parsed_body(request)
    except (HTTPException, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def _text(value: Any) -> str | None:
    """Return text, or the digits of a number, as the provider takes numbers for text."""
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    number = whole_of(value)
    return number if number is not None and abs(number) <= LARGEST_AMOUNT else None


_WITHOUT_PREFIX: Final = {"CONTENT_TYPE", "CONTENT_LENGTH"}


@lru_cache(maxsize=128)
def variables_of(headers: Headers) -> dict[str, str]:
    """Return the variables that stand for headers in a WSGI environment (PEP 3333), for reading only."""
    variables: dict[str, str] = {}
    for name, value in headers:
        variable = _variable(name)
        if variable is None:
            continue
        text = value.decode("latin-1")
        if variable in variables:
            separator = "; " if variable == "HTTP_COOKIE" else ","
            variables[variable] += separator + text
        else:
            variables[variable] = text
    return variables


@lru_cache(maxsize=256)
def _variable(header: bytes) -> str | None:
    """Return the variable of a header, or None if the name could be mistaken for another header's.

    `x_y` and `x-y` become the same variable, so a client could forge the second by the first.
    """
    if b"_" in header:
        return None
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in _WITHOUT_PREFIX else "HTTP_" + name


_OF_HEADERS: Final = ("HTTP_", "CONTENT_")
_SECRET_HEADERS: Final = frozenset({"Authorization", "Cookie"})


def kept_headers(environ: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the headers of a request by their usual names, secrets masked."""
    wire: Wire | None = environ.get(WIRE)
    if wire is not None and wire.headers is not None:
        return _kept_headers(wire.headers)
    return _masked({key: value for key, value in environ.items() if key.startswith(_OF_HEADERS)})


@lru_cache(maxsize=128)
def _kept_headers(headers: Headers) -> Mapping[str, str]:
    return _masked(variables_of(headers))


def _masked(variables: Mapping[str, str]) -> Mapping[str, str]:
    headers = {_header_name(variable): value for variable, value in variables.items()}
    return headers | dict.fromkeys(_SECRET_HEADERS & headers.keys(), MASK)


@lru_cache(maxsize=512)
def _header_name(variable: str) -> str:
    return variable.removeprefix("HTTP_").replace("_", "-").title()


def kept_body(request: Request) -> tuple[str, str | None]:
    """Return a request's body as text, secrets masked, and why that is not what came; None where it is."""
    if request.method == "GET":
        return "", None
    try:
        raw = raw_body(request)
    except RequestEntityTooLarge:
        return "", f"its body was longer than {BODY_LIMIT_BYTES} bytes"
    except ClientDisconnected:
        return "", "its body ended early"
    text = raw.decode(errors="replace").replace("\0", "")
    masked = mask_fields(text)
    if masked != text:
        return masked, "the journal masks a secret in its body"
    return text, None if text.encode() == raw else "its body is no text in UTF-8"


_OF_THE_SERVER: Final = ("wsgi.", "SERVER_", "REMOTE_", "SCRIPT_NAME", "HTTP_HOST")
_NOT_REPEATED: Final = frozenset(
    {"authorization", "connection", "content-length", "cookie", "expect", "host", "keep-alive", "te"}
    | {"trailer", "transfer-encoding", "upgrade"}
)
"""Headers of a connection, and those of which the journal keeps that they were there."""


def repeated(
    around: Mapping[str, Any], method: str, path: str, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """Return the WSGI environment of a request that is made again, on the server that has one `around` it."""
    place, _, query = path.partition("?")
    sent = {name: value for name, value in headers.items() if name.lower() not in _NOT_REPEATED}
    variables = variables_of(
        tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent.items())
    )
    return {
        **{name: value for name, value in around.items() if name.startswith(_OF_THE_SERVER)},
        **variables,
        "REQUEST_METHOD": method,
        "PATH_INFO": place.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }


_NOT_IN_CURL: Final = _NOT_REPEATED | {"accept", "accept-encoding", "user-agent"}


def curl_line(url: str, method: str, headers: Mapping[str, str], body: str) -> str:
    """Write a request as a shell line; the key is left to the variable SECRET_KEY."""
    parts = ["curl", "-X", method, shlex.quote(url), "-u", '"$SECRET_KEY:"']
    for name, value in headers.items():
        if name.lower() not in _NOT_IN_CURL:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if body:
        parts += ["--data-raw", shlex.quote(body)]
    return " ".join(parts)
