"""JSON answers."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, g


def json_answer(content: Mapping[str, Any] | list[dict[str, Any]], status: int = 200) -> Response:
    """Make an answer of `content`, in UTF-8."""
    return Response(orjson.dumps(content), status=status, mimetype="application/json")


def error_answer(status: int, code: str, message: str, **more: object) -> Response:
    """Make the answer to a call that is refused; clients branch on `code`, and the log line shows it."""
    g.outcome = code
    return json_answer({"code": code, "message": message, **more}, status)
