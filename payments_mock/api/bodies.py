"""Read the body of a request, make the body of an answer, and guard a page."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson
from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from payments_mock.api.errors import BodyTooLargeError, BrokenBodyError, WrongContentTypeError
from payments_mock.api.wire import UNREAD, WIRE, CallRecord, Wire
from payments_mock.domain.errors import Reason

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


BODY_LIMIT_BYTES = 64 * 1024


def read_object(request: Request, *, may_be_absent: bool = False) -> dict[str, Any]:
    """Return the request's JSON object; a missing body counts as empty if it may be absent.

    Raises:
        WrongContentTypeError, BodyTooLargeError, BrokenBodyError: as named.
    """
    # A body that is too large is refused first, whatever its type.
    raw = _read(request)
    # Nearly every request says exactly this; parsing other types costs more than reading the body.
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
    wire: Wire | None = request.environ.get(WIRE)
    return request.get_data() if wire is None or wire.body is None else wire.body


def parsed_body(request: Request) -> Any:
    """Return the JSON that is the request's body, parsed once where the server helps; nobody may change it.

    Raises:
        RequestEntityTooLarge, ClientDisconnected: it is too long, or ended early.
        orjson.JSONDecodeError: it is not JSON.
    """
    wire: Wire | None = request.environ.get(WIRE)
    if wire is None:
        return orjson.loads(request.get_data())
    if wire.json is UNREAD:
        wire.json = orjson.loads(raw_body(request))
    return wire.json


def _read(request: Request) -> bytes:
    try:
        return raw_body(request)
    except RequestEntityTooLarge:
        raise BodyTooLargeError(f"the body is longer than {BODY_LIMIT_BYTES} bytes") from None
    except ClientDisconnected:
        raise BrokenBodyError("the body ended early") from None


class JsonAnswer(Response):
    """An answer with its whole body, and headers that are ready to send."""

    def get_wsgi_response(
        self, environ: "WSGIEnvironment"
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Return the body, the status and the headers, without Flask's checks for streams and ranges."""
        if environ["REQUEST_METHOD"] == "HEAD":
            return super().get_wsgi_response(environ)
        return self.iter_encoded(), self.status, self.headers.to_wsgi_list()


_WHOLE_SECONDS: Final = orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_UTC_Z


def json_of(content: Mapping[str, Any] | list[dict[str, Any]]) -> bytes:
    """Return JSON in UTF-8, moments in whole seconds: `2024-01-01T12:34:56+09:00`, in UTC with a `Z`."""
    return orjson.dumps(content, option=_WHOLE_SECONDS)


def json_answer(content: Mapping[str, Any] | list[dict[str, Any]], status: int = 200) -> Response:
    """Make an answer of what `json_of` makes of `content`."""
    body = json_of(content)
    headers = Headers()
    headers.add("Content-Type", "application/json")
    headers.add("Content-Length", str(len(body)))
    return JsonAnswer([body], status, headers)


def guard_page(response: Response, policy: str) -> Response:
    """Have a browser load only what `policy` allows, guess no types, and never say where it came from."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


UNKNOWN_FIELD: Final = "newField"
"""The name of a field that no reference names; callers must ignore it."""

_OF_THE_CALLER: Final = ("metadata",)
"""Objects whose fields the caller has named."""


def with_unknown_fields(content: Any) -> Any:
    """Return content with one more field in each of its objects, except those of the caller."""
    if isinstance(content, list):
        return [with_unknown_fields(each) for each in content]
    if not isinstance(content, Mapping):
        return content
    known = {
        name: value if name in _OF_THE_CALLER else with_unknown_fields(value)
        for name, value in content.items()
    }
    return {**known, UNKNOWN_FIELD: "a value that no reference names"}


def media_type_of(body: str) -> str:
    """Return the media type that a server or proxy would give a body."""
    if body.lstrip().startswith("<"):
        return "text/html"
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return "text/plain"
    return "application/json"


def change_content(content: Any, given: Mapping[str, Any], left_out: Iterable[str]) -> Any:
    """Return JSON with fields changed, added or left out, each named by its path: names joined by dots.

    A member of a list is named by its index; a value for an index that the list lacks is appended. Objects
    that are missing on the path to a `given` field are made, and other values there are replaced. Leaving out
    a field that is not there changes nothing.
    """
    for path, value in given.items():
        content = _with_field(content, path.split("."), value)
    for path in left_out:
        _leave_out(content, path.split("."))
    return content


def _with_field(content: Any, names: list[str], value: Any) -> Any:
    if not names:
        return value
    name, *rest = names
    if isinstance(content, list) and name.isdecimal():
        place = min(int(name), len(content))
        content[place : place + 1] = [_with_field(_member(content, name), rest, value)]
        return content
    changed = content if isinstance(content, dict) else {}
    changed[name] = _with_field(changed.get(name), rest, value)
    return changed


def _leave_out(content: Any, names: list[str]) -> None:
    *way, last = names
    for name in way:
        content = _member(content, name)
    if isinstance(content, dict):
        content.pop(last, None)
    elif isinstance(content, list) and last.isdecimal():
        del content[int(last) : int(last) + 1]


def _member(content: Any, name: str) -> Any:
    """Return the member with this name or list index, or None."""
    if isinstance(content, dict):
        return content.get(name)
    is_there = isinstance(content, list) and name.isdecimal() and int(name) < len(content)
    return content[int(name)] if is_there else None


def error_answer(
    call: CallRecord, status: int, code: str, message: str, *, reason: Reason | None = None, **more: object
) -> Response:
    """Make the answer that refuses a call; clients branch on `code`, and the log line shows it.

    `reason` is for the tester, and may say more than the `message` does to the merchant.
    """
    call.outcome, call.reason = code, reason or Reason(message)
    return json_answer({"code": code, "message": message, **more}, status)
