"""What a request says of itself: headers, payment, order and amount; and what of it the journal keeps."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from flask import Request
from werkzeug.exceptions import HTTPException

from payments_mock.api.bodies import parsed_body, raw_body
from payments_mock.api.values import whole_of
from payments_mock.api.wire import WIRE, Headers, Wire
from payments_mock.domain.faults import RequestFacts
from payments_mock.domain.values import LARGEST_AMOUNT
from payments_mock.http.masking import MASK, mask_fields


def facts_of(operation: str, request: Request, path: Mapping[str, str]) -> RequestFacts:
    """Return the facts of a request; what is not well-formed is not named."""
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
    """Return text, or the digits of a number, which the provider takes in its place."""
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
    """Return the variable of a header, or None for one that could pass itself off as another.

    `x_y` and `x-y` become the same variable, so whoever sent the first could speak for the second.
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


def kept_body(request: Request) -> str:
    """Return the body of a request as text, secrets masked."""
    if request.method == "GET":
        return ""
    try:
        return mask_fields(raw_body(request).decode(errors="replace").replace("\0", ""))
    except HTTPException:
        return ""
