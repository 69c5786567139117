"""One structured line a request: who, what, how it ended, how long it took. Never a key, never a body."""

import re
import sys
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any

import orjson
from flask import Flask, Response, request

from payments_mock.api.wire import CallRecord, current_call

# A key has no place in a path, but a client that is being written may put it there.
_SECRET_KEY = re.compile(r"(test|live)_g?sk_\w+")


_PLAIN = re.compile(r"[^\s\"=\x00-\x1f\x7f-\x9f]+")


def attach_access_log(app: Flask, log_format: str) -> None:
    """Log every request to standard error, as `text` (key=value) or as `json`; `none` logs nothing."""
    if log_format == "none":
        return
    show = _as_json if log_format == "json" else _as_text

    def write(response: Response) -> Response:
        call = current_call()
        if not call.is_waiting:
            _write(show(_entry(call, response)))
        return response

    app.after_request(write)


def _write(line: str) -> None:
    """Write a line, without the cost of a logging record; one that can't be written is no reason to fail."""
    with suppress(OSError, ValueError, AttributeError):
        # Where standard error was closed before the start, there is none.
        sys.stderr.write(line)


def _entry(call: CallRecord, response: Response) -> dict[str, Any]:
    asked = request._get_current_object()  # type: ignore[attr-defined]
    status, path = response.status_code, asked.path
    return {
        "time": _shown(int(time.time())),
        "merchant": call.merchant or "-",
        "operation": call.operation or asked.endpoint or "-",
        "method": asked.method,
        "path": _SECRET_KEY.sub("***", path) if "sk_" in path else path,
        "status": status,
        "outcome": call.outcome or ("OK" if status < 400 else "-"),
        "ms": round((time.perf_counter() - call.began) * 1000, 2),
    }


@lru_cache(maxsize=2)
def _shown(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def _as_json(entry: dict[str, Any]) -> str:
    return orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE).decode()


def _as_text(entry: dict[str, Any]) -> str:
    return (
        f"time={entry['time']} merchant={_quoted(entry['merchant'])} operation={_quoted(entry['operation'])} "
        f"method={_quoted(entry['method'])} path={_quoted_path(entry['path'])} status={entry['status']} "
        f"outcome={_quoted(entry['outcome'])} ms={entry['ms']}\n"
    )


@lru_cache(maxsize=1024)
def _quoted(value: str) -> str:
    """Return what seldom differs from line to line."""
    return _quoted_path(value)


def _quoted_path(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.isprintable() else orjson.dumps(text).decode()
