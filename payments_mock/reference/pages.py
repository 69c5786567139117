"""The OpenAPI document and the page that shows it, with nothing loaded from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from payments_mock.api.catalogue import ENGLISH, KOREAN, answer_language
from payments_mock.api.operation import Api
from payments_mock.control.api import CONTROL
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import family_of
from payments_mock.http.dispatcher import contracts_of
from payments_mock.merchant_settings import BUILT_IN_MERCHANTS, MerchantSettings

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


VIEWER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    KOREAN: {
        "title": "API 문서",
        "contracts": "API 종류",
        "language": "언어",
        "key": "키",
        "API": "API 개별 연동 키",
        "WIDGET": "결제위젯 연동 키",
    },
    ENGLISH: {
        "title": "API reference",
        "contracts": "Contracts",
        "language": "Language",
        "key": "Key",
        "API": "API key",
        "WIDGET": "widget key",
    },
}


@dataclass(frozen=True)
class BuiltInKeys:
    """A secret key that every server has, with the client key that goes with it, if there is one."""

    sandbox: str
    contract: str
    secret: str
    client: str | None

    @property
    def family(self) -> KeyFamily:
        """Whether it is a pair of the API or of widgets."""
        return family_of(self.secret)


def built_in_keys() -> list[BuiltInKeys]:
    """Return the keys that every server has; those of its settings are nobody else's to see."""
    return [
        BuiltInKeys(merchant.id, merchant.contract, secret, _client_key(merchant, secret))
        for merchant in BUILT_IN_MERCHANTS
        for secret in merchant.secret_keys
    ]


def _client_key(merchant: MerchantSettings, secret: str) -> str | None:
    same = (key for key in merchant.client_keys if family_of(key) is family_of(secret))
    return next(same, None)


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

    language = request.args.get("lang", ENGLISH)
    return json_answer(openapi_document(_contract_of_query(), language))


@reference_pages.get("/docs")
def viewer() -> str:
    """Show the reference of the contract that the query names, else of the default one, ready to be tried."""
    shown = str(_contract_of_query().name)
    asked = request.args.get("lang", "")
    language = asked if asked in VIEWER_WORDS else answer_language()
    return render_template(
        "reference/viewer.html",
        contracts=list(documented()),
        shown=shown,
        language=language,
        words=VIEWER_WORDS[language],
        keys=[pair for pair in built_in_keys() if pair.contract == shown],
    )


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
