"""One structured line a request: who, what, how it ended, how long it took. Never a key, never a body."""

import logging
import re
import time
from typing import Any

import orjson
from flask import Flask, Response, g, request

logger = logging.getLogger("payments_mock.access")

# A key has no place in a path, but a client that is being written may put it there.
_SECRET_KEY = re.compile(r"(test|live)_g?sk_\w+")


def attach_access_log(app: Flask, log_format: str) -> None:
    """Log every request of `app` as `text` (key=value) or as `json`; `none` logs nothing."""
    if log_format == "none":
        return
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler())
        logger.setLevel(logging.INFO)
        logger.propagate = False
    show = _as_json if log_format == "json" else _as_text
    app.before_request(_start)

    def write(response: Response) -> Response:
        if not g.get("held"):
            logger.info(show(_entry(response)))
        return response

    app.after_request(write)


def _start() -> None:
    g.started = time.perf_counter()


def _entry(response: Response) -> dict[str, Any]:
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "merchant": g.get("merchant", "-"),
        "operation": g.get("operation") or request.endpoint or "-",
        "method": request.method,
        "path": _SECRET_KEY.sub("***", request.path),
        "status": response.status_code,
        "outcome": g.get("outcome", "OK" if response.status_code < 400 else "-"),
        "ms": round((time.perf_counter() - g.started) * 1000, 2),
    }


def _as_json(entry: dict[str, Any]) -> str:
    return orjson.dumps(entry).decode()


def _as_text(entry: dict[str, Any]) -> str:
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in entry.items())


def _quoted(text: str) -> str:
    plain = text.isprintable() and not any(character in ' "=' for character in text)
    return text if plain else orjson.dumps(text, default=str).decode()
