"""What WSGI calls the environment of a request, made from what ASGI calls its scope."""

import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Environ = dict[str, Any]

_WITHOUT_PREFIX: Final = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def base_environ(multithread: bool, multiprocess: bool) -> Environ:
    """Return what is the same for every request of this process."""
    return {
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }


def make_environ(base: Environ, scope: Scope) -> Environ:
    """Return the environment of one request, all but its body; PEP 3333 has the rules.

    Text is what Latin-1 makes of the bytes that came, the percent-decoded path included.
    """
    environ = base.copy()
    raw_path: bytes = scope["raw_path"]
    environ["REQUEST_METHOD"] = scope["method"]
    environ["PATH_INFO"] = unquote_to_bytes(raw_path).decode("latin-1") if b"%" in raw_path else scope["path"]
    environ["QUERY_STRING"] = scope["query_string"].decode("latin-1")
    environ["SERVER_PROTOCOL"] = "HTTP/" + scope["http_version"]
    host, port = scope["server"]
    environ["SERVER_NAME"] = host
    environ["SERVER_PORT"] = str(port)
    if scope["client"]:
        host, port = scope["client"]
        environ["REMOTE_ADDR"] = host
        environ["REMOTE_PORT"] = str(port)
    _add_headers(environ, scope["headers"])
    return environ


def _add_headers(environ: Environ, headers: list[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        variable = _variable(name)
        if variable is None:
            continue
        text = value.decode("latin-1")
        if variable in environ:
            separator = "; " if variable == "HTTP_COOKIE" else ","
            environ[variable] += separator + text
        else:
            environ[variable] = text


@lru_cache(maxsize=256)
def _variable(header: bytes) -> str | None:
    """Return the variable of a header, or None for one that could pass itself off as another.

    `x_y` and `x-y` become the same variable, so whoever sent the first could speak for the second.
    """
    if b"_" in header:
        return None
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in _WITHOUT_PREFIX else "HTTP_" + name
