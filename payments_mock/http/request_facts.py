"""What a request says of itself: its headers, and the payment, order and amount that it is about."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from flask import Request
from werkzeug.exceptions import HTTPException

from payments_mock.api.bodies import parsed_body
from payments_mock.api.values import whole_of
from payments_mock.api.wire import Headers
from payments_mock.domain.faults import RequestFacts
from payments_mock.domain.values import LARGEST_AMOUNT


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
