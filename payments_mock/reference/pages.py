"""The OpenAPI document and the page that shows it, with nothing loaded from elsewhere."""

from collections.abc import Mapping
from typing import Final

from flask import (
    Blueprint,
    Response,
    current_app,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.exceptions import BadRequest, NotFound

from payments_mock.api.bodies import json_answer
from payments_mock.api.operation import Api
from payments_mock.control.api import CONTROL
from payments_mock.http.dispatcher import contracts_of

reference_pages = Blueprint(
    "reference", __name__, template_folder="templates", static_folder="static", static_url_path="/docs/-"
)

# The viewer sets styles on its elements, and carries its icons as data.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

# The rest of the bundle is a page of its own, which shows a document of a public host.
VIEWER_FILES: Final = {"swagger-ui.css", "swagger-ui-bundle.js"}


@reference_pages.after_request
def protect(response: Response) -> Response:
    """Have a browser load nothing from elsewhere, whichever of these answers it is shown."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@reference_pages.get("/openapi.json")
def document() -> Response:
    """Answer the OpenAPI document of the contract that the query names, else of the default one."""
    # apispec is needed here alone, and a server must be up before anybody asks for its reference.
    from payments_mock.reference.openapi import openapi_document

    return json_answer(openapi_document(_contract_of_query()))


@reference_pages.get("/docs")
def viewer() -> str:
    """Show the reference of the contract that the query names, else of the default one, ready to be tried."""
    shown = _contract_of_query().name
    return render_template("reference/viewer.html", contracts=list(documented()), shown=shown)


@reference_pages.get("/favicon.ico")
def icon() -> Response:
    """Answer the icon that browsers ask for when they are shown an answer that is no page."""
    return reference_pages.send_static_file("icon.svg")


@reference_pages.get("/docs/viewer/<path:filename>")
def viewer_file(filename: str) -> Response:
    """Answer a file of the viewer that its page here needs."""
    if filename not in VIEWER_FILES:
        raise NotFound
    from swagger_ui_bundle import swagger_ui_path

    return send_from_directory(swagger_ui_path, filename)


def documented() -> Mapping[str, Api]:
    """Return everything that has a document, the default contract first."""
    contracts: dict[str, Api] = {str(name): contract for name, contract in contracts_of(current_app).items()}
    return contracts | {CONTROL.name: CONTROL}


def _contract_of_query() -> Api:
    known = documented()
    wanted = request.args.get("contract", next(iter(known)))
    if wanted not in known:
        raise BadRequest(f"contract must be {' or '.join(known)}")
    return known[wanted]
