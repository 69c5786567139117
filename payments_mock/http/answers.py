"""JSON answers."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response

from payments_mock.http.call_record import current_call

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class JsonAnswer(Response):
    """An answer whose body is there as a whole, and whose headers are ready to be sent."""

    def get_wsgi_response(
        self, environ: "WSGIEnvironment"
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Return the body, the status and the headers, without a search for what can't be among them."""
        if environ["REQUEST_METHOD"] == "HEAD":
            return super().get_wsgi_response(environ)
        return self.iter_encoded(), self.status, self.headers.to_wsgi_list()


def json_answer(content: Mapping[str, Any] | list[dict[str, Any]], status: int = 200) -> Response:
    """Make an answer of `content`, in UTF-8."""
    body = orjson.dumps(content)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return JsonAnswer([body], status, headers)


def error_answer(status: int, code: str, message: str, **more: object) -> Response:
    """Make the answer to a call that is refused; clients branch on `code`, and the log line shows it."""
    current_call().outcome = code
    return json_answer({"code": code, "message": message, **more}, status)
