"""One structured line a request: who, what, how it ended, how long it took. Never a key, never a body."""

import re
import sys
import time
from typing import Any

import orjson
from flask import Flask, Response, g, request

# A key has no place in a path, but a client that is being written may put it there.
_SECRET_KEY = re.compile(r"(test|live)_g?sk_\w+")


_PLAIN = re.compile(r"[^\s\"=\x00-\x1f\x7f-\x9f]+")


def attach_access_log(app: Flask, log_format: str) -> None:
    """Log every request to standard error, as `text` (key=value) or as `json`; `none` logs nothing."""
    if log_format == "none":
        return
    show = _as_json if log_format == "json" else _as_text
    app.before_request(_start)

    def write(response: Response) -> Response:
        if not g.get("held"):
            # One write a line, without the cost of a logging record.
            sys.stderr.write(show(_entry(response)))
        return response

    app.after_request(write)


def _start() -> None:
    g.started = time.perf_counter()


def _entry(response: Response) -> dict[str, Any]:
    noted, asked = vars(g._get_current_object()), request._get_current_object()  # type: ignore[attr-defined]
    status = response.status_code
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "merchant": noted.get("merchant", "-"),
        "operation": noted.get("operation") or asked.endpoint or "-",
        "method": asked.method,
        "path": _SECRET_KEY.sub("***", asked.path),
        "status": status,
        "outcome": noted.get("outcome", "OK" if status < 400 else "-"),
        "ms": round((time.perf_counter() - noted["started"]) * 1000, 2),
    }


def _as_json(entry: dict[str, Any]) -> str:
    return orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE).decode()


def _as_text(entry: dict[str, Any]) -> str:
    return " ".join([f"{name}={_quoted(str(value))}" for name, value in entry.items()]) + "\n"


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.isprintable() else orjson.dumps(text).decode()
