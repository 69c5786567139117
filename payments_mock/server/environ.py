"""What WSGI calls the environment of a request, made from what ASGI calls its scope."""

import sys
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

from payments_mock.http.headers import variables_of
from payments_mock.http.wire import WIRE, Wire

Scope = MutableMapping[str, Any]
Environ = dict[str, Any]


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
    headers = tuple(scope["headers"])
    environ[WIRE] = Wire(headers)
    environ.update(variables_of(headers))
    return environ
