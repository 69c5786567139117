"""Request bodies: JSON objects, read once."""

from typing import Any, Final

import orjson
from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from payments_mock.http.errors import (
    BodyTooLargeError,
    BrokenBodyError,
    WrongContentTypeError,
)

BODY_LIMIT_BYTES = 64 * 1024

BODY: Final = "payments_mock.body"
"""The key of the whole body in the WSGI environment, where the server has read it and it is not too long."""

_PARSED: Final = "payments_mock.json"


def read_object(request: Request, *, may_be_absent: bool = False) -> dict[str, Any]:
    """Return the JSON object that is the request's body; an absent one counts as empty where it may be.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError: as named.
    """
    # A large body is refused as such whatever it claims to be.
    raw = _read(request)
    # Nearly all say just this, and reading what else it could be is dearer than reading the body.
    if request.environ.get("CONTENT_TYPE") != "application/json" and request.mimetype and not request.is_json:
        raise WrongContentTypeError(f"send Content-Type: application/json, not {request.mimetype}")
    if not raw and may_be_absent:
        return {}
    try:
        fields = parsed_body(request)
    except orjson.JSONDecodeError as error:
        raise BrokenBodyError(f"the body is not valid JSON: {error.msg}") from None
    if not isinstance(fields, dict):
        raise BrokenBodyError("the body must be a JSON object")
    return fields


def raw_body(request: Request) -> bytes:
    """Return the request's body as it came.

    Raises:
        RequestEntityTooLarge, ClientDisconnected: it is too long, or ended early.
    """
    body: bytes | None = request.environ.get(BODY)
    return request.get_data() if body is None else body


def parsed_body(request: Request) -> Any:
    """Return the JSON that is the request's body, parsed once for all who ask; nobody may change it.

    Raises:
        RequestEntityTooLarge, ClientDisconnected: it is too long, or ended early.
        orjson.JSONDecodeError: it is not JSON.
    """
    environ = request.environ
    if _PARSED not in environ:
        environ[_PARSED] = orjson.loads(raw_body(request))
    return environ[_PARSED]


def _read(request: Request) -> bytes:
    try:
        return raw_body(request)
    except RequestEntityTooLarge:
        raise BodyTooLargeError(f"the body is longer than {BODY_LIMIT_BYTES} bytes") from None
    except ClientDisconnected:
        raise BrokenBodyError("the body ended early") from None
