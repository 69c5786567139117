"""The browser SDK scripts, each put together from the small sources that it needs."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

SOURCES = {
    "/v2/standard": (
        "errors", "server", "keys", "shapes", "environment", "sessions", "frame", "window",
        "widget-frame", "v2-fields", "v2-payment", "v2-widgets", "v2-picker", "v2-brandpay", "v2",
    ),
    "/v1/payment": (
        "errors", "server", "keys", "environment", "sessions", "frame", "window",
        "v1-words", "v1-fields", "v1-payment",
    ),
    "/v1/payment-widget": (
        "errors", "server", "keys", "environment", "sessions", "frame", "window", "widget-frame",
        "v1-words", "v1-fields", "v1-widget",
    ),
}  # fmt: skip
"""Source files under `static/sdk/` by the path of the script, in the order they build on each other."""

ALIASES = {"/v1": "/v1/payment"}

sdk_scripts = Blueprint("sdk", __name__)


@cache
def script(path: str) -> str:
    """Return the script of a path: its sources in one function, so that nothing but its global gets out."""
    folder = files(__package__) / "static" / "sdk"
    sources = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in SOURCES[path]]
    return "(function () {\n'use strict';\n" + "\n".join(sources) + "})();\n"


def _answer() -> Response:
    path = request.path.rstrip("/")
    response = Response(script(ALIASES.get(path, path)), content_type="text/javascript; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(request)
    return response


for _path in (*SOURCES, *ALIASES):
    sdk_scripts.add_url_rule(_path, endpoint=_path.strip("/"), view_func=_answer, methods=["GET"])
