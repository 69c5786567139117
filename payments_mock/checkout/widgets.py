"""The browser SDK scripts, and the pages of its widgets."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

from payments_mock.api.errors import UnknownKeyError
from payments_mock.checkout.pages import page_language, show
from payments_mock.checkout.routes import context_of_client_key
from payments_mock.checkout.window_options import WindowOptions, make_offer

TERMS = ("payment-terms", "privacy-terms")
UNCHECKED = "AGREEMENT-UNCHECKED"
"""The `variantKey` whose terms begin unticked; with any other they begin ticked, which is a guess."""

widget_pages = Blueprint("widgets", __name__, url_prefix="/checkout/widgets")


@widget_pages.get("/<kind>")
def widget(kind: str) -> Response:
    """Show a widget for the merchant of a client key; a wrong key is told to the script that asked."""
    window_options = WindowOptions()
    language = page_language(window_options)
    if kind not in ("methods", "agreement", "window"):
        return show("checkout/missing.html", language)
    problem = ""
    try:
        context_of_client_key(request.args.get("clientKey", ""))
    except UnknownKeyError:
        problem = "INVALID_CLIENT_KEY"
    amount = _amount()
    return show(
        f"checkout/widget-{kind}.html",
        language,
        problem=problem,
        amount=amount,
        # Months are offered as if the amount were large; the page hides them while it is not.
        offer=make_offer(window_options, max(amount, 50_000)),
        terms=TERMS,
        ticked=request.args.get("variantKey") != UNCHECKED,
    )


def _amount() -> int:
    text = request.args.get("amount", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


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
