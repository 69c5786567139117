"""The Flask application, without what Flask does at every call for features that are not used here."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Request
from werkzeug.routing import MapAdapter

_ADDRESSES_KEPT: Final = 64


class Application(Flask):
    """Flask for functions that are all synchronous, reached by few addresses again and again."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._bound: dict[tuple[str | None, ...], tuple[str, MapAdapter]] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none here is a coroutine, which Flask would find out anew at every call."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what matches the request's path, as Flask does, judging each address only once.

        Raises:
            werkzeug.exceptions.SecurityError: the address of the request names no host.
        """
        if request is None:
            return super().create_url_adapter(None)
        environ = request.environ
        address = (
            environ.get("HTTP_HOST"),
            environ["SERVER_NAME"],
            environ["SERVER_PORT"],
            environ["wsgi.url_scheme"],
            environ.get("SCRIPT_NAME"),
            environ.get("HTTP_UPGRADE"),
        )
        known = self._bound.get(address)
        if known is None:
            adapter = super().create_url_adapter(request)
            if adapter is not None and len(self._bound) < _ADDRESSES_KEPT:
                self._bound[address] = (request.host, adapter)
            return adapter
        request.host, adapter = known
        return MapAdapter(
            adapter.map,
            adapter.server_name,
            adapter.script_name,
            adapter.subdomain,
            adapter.url_scheme,
            request.path,
            request.method,
            request.query_string.decode(errors="replace"),
        )
