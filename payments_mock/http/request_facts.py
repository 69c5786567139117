"""What a call is about, as far as the call says so itself."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Request
from werkzeug.exceptions import HTTPException

from payments_mock.domain.amounts import LARGEST_AMOUNT
from payments_mock.domain.faults import RequestFacts
from payments_mock.http.body import parsed_body


def facts_of(operation: str, request: Request, path: Mapping[str, str]) -> RequestFacts:
    """Return the facts of a request; what is not well-formed is not named."""
    body = _json_object(request)
    return RequestFacts(
        operation=operation,
        payment_key=path.get("payment_key") or _text(body.get("paymentKey")),
        order_id=path.get("order_id") or _text(body.get("orderId")),
        amount=_whole(body.get("amount", body.get("cancelAmount"))),
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
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:19])
    return value if type(value) is int and abs(value) <= LARGEST_AMOUNT else None
