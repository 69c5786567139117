"""One structured line a request: who, what, how it ended, how long it took. Never a key, never a body."""

import re
import sys
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

import orjson
from flask import Flask, Request, Response, request

from payments_mock.api.wire import CallRecord, current_call
from payments_mock.http.masking import mask_keys

LONGEST_REASON: Final = 300
LONGEST_ORDER: Final = 64

_PLAIN = re.compile(r"[^\s\"=\x00-\x1f\x7f-\x9f]+")


def attach_access_log(app: Flask, log_format: str) -> None:
    """Log every request to standard error, as `text` (key=value) or as `json`; `none` logs nothing."""
    if log_format == "none":
        return
    show = _as_json if log_format == "json" else _as_text

    def write(response: Response) -> Response:
        call = current_call()
        if not call.is_waiting:
            # Resolving Flask's proxies is slow; do it once.
            asked: Request = request._get_current_object()  # type: ignore[attr-defined]
            line = show(_entry(call, asked, response), _why(call))
            if call.wire is None:
                write_lines(line)
            else:
                call.wire.line = line
        return response

    app.after_request(write)


def write_lines(lines: str) -> None:
    """Write lines without the cost of a logging record; a line that can't be written is lost."""
    if not lines:
        return
    with suppress(OSError, ValueError, AttributeError):
        # Standard error is None if it was closed before the start.
        sys.stderr.write(lines)


def _entry(call: CallRecord, asked: Request, response: Response) -> dict[str, Any]:
    status, path = response.status_code, asked.path
    return {
        "time": _shown(int(time.time())),
        "merchant": call.merchant or "-",
        "operation": call.operation or asked.endpoint or "-",
        "method": asked.method,
        # A client with a bug may put a key into a path.
        "path": mask_keys(path),
        "status": status,
        "outcome": call.outcome or ("OK" if status < 400 else "-"),
        # To the hundredth; rounding a whole number takes a third of the time.
        "ms": round((time.perf_counter() - call.began) * 100_000) / 100,
    }


def _why(call: CallRecord) -> dict[str, str]:
    """Return what a refused or faulted call adds to its line; any other call adds nothing."""
    if call.reason is None and not call.strikes:
        return {}
    why = {}
    if order := call.change.order_id or (call.facts and call.facts.order_id):
        why["order"] = order[:LONGEST_ORDER]
    if fault := call.fault:
        why |= {"fault": fault, "sent": call.sent}
    if call.reason is not None:
        why["reason"] = call.reason.message[:LONGEST_REASON]
    return {name: mask_keys(text) for name, text in why.items()}


@lru_cache(maxsize=2)
def _shown(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def _as_json(entry: dict[str, Any], why: dict[str, str]) -> str:
    return orjson.dumps(entry | why if why else entry, option=orjson.OPT_APPEND_NEWLINE).decode()


def _as_text(entry: dict[str, Any], why: dict[str, str]) -> str:
    more = "".join([f" {name}={_quoted_path(text)}" for name, text in why.items()]) if why else ""
    return (
        f"time={entry['time']} merchant={_quoted(entry['merchant'])} operation={_quoted(entry['operation'])} "
        f"method={_quoted(entry['method'])} path={_quoted_path(entry['path'])} status={entry['status']} "
        f"outcome={_quoted(entry['outcome'])} ms={entry['ms']}{more}\n"
    )


@lru_cache(maxsize=1024)
def _quoted(value: str) -> str:
    """Return a quoted value that is the same in many lines."""
    return _quoted_path(value)


def _quoted_path(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.isprintable() else orjson.dumps(text).decode()
