"""What a person meets in a browser: the home page, the reference, and a page where there is none.

Programs are answered in JSON at the same addresses, as they always were. A page that shows more than the home
page can take its place by serving `/` itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound

from payments_mock.api.bodies import guard_page, json_answer
from payments_mock.api.catalogue import ENGLISH, answer_language
from payments_mock.api.operation import Api
from payments_mock.banner import example_request
from payments_mock.control.api import CONTROL
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import family_of
from payments_mock.domain.values import immutable
from payments_mock.http.dispatcher import contracts_of, dispatcher_of
from payments_mock.merchant_settings import BUILT_IN_MERCHANTS, MerchantSettings
from payments_mock.receipts.links import public_base
from payments_mock.reference.words import LANGUAGES, words_of

reference_pages = Blueprint(
    "reference", __name__, template_folder="templates", static_folder="static", static_url_path="/docs/-"
)

home = Blueprint("home", __name__, template_folder="templates")

# The viewer sets styles on its elements, and carries its icons as data.
VIEWER_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
LONGEST_SHOWN: Final = 200
"""How much of an address that leads nowhere is shown."""

_STATUSES_WITH_PAGES: Final = (400, 404, 405)

# The rest of the bundle is a page of its own, which shows a document of a public host.
VIEWER_FILES: Final = {"swagger-ui.css", "swagger-ui-bundle.js"}


@immutable
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
    return guard_page(response, VIEWER_POLICY)


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
    language = asked_language()
    return render_template(
        "reference/viewer.html",
        contracts=list(documented()),
        shown=shown,
        language=language,
        words=words_of("viewer", language),
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


def asked_language() -> str:
    """Return the language that the page was switched to, else the one that its reader likes best."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else answer_language()


@home.get("/", endpoint="show")
def show_home() -> Response:
    """Show a browser where the server is, its keys, and how to begin; for programs there is nothing here."""
    if not _wants_a_page():
        raise NotFound
    language = asked_language()
    base = public_base()
    return _page(
        "reference/home.html",
        language,
        words_of("home", language),
        base=base,
        example=example_request(base),
        script=f'<script src="{base}/v2/standard"></script>',
        keys=built_in_keys(),
        documented=documented(),
        has_inspector="inspector" in current_app.blueprints,
        is_open=dispatcher_of(current_app).is_open,
    )


def explain(error: HTTPException) -> Response:
    """Answer an address that leads nowhere: a browser by a page, and everybody else in the API's words."""
    if not _wants_a_page():
        return dispatcher_of(current_app).answer_http_error(error)
    language = answer_language()
    response = _page(
        "reference/lost.html",
        language,
        words_of("lost", language),
        what=_what_is_wrong(error),
        path=request.path[:LONGEST_SHOWN],
    )
    response.status_code = error.code or 404
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


for _status in _STATUSES_WITH_PAGES:
    home.app_errorhandler(_status)(explain)


def _wants_a_page() -> bool:
    """Tell a browser, which likes HTML best, from programs; what sends a key is one, whatever it accepts."""
    if request.method not in {"GET", "HEAD"} or "Authorization" in request.headers:
        return False
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _what_is_wrong(error: HTTPException) -> str:
    if isinstance(error, MethodNotAllowed):
        return "method"
    if not isinstance(error, NotFound):
        return "wrong"
    return "receipt" if request.blueprint == "receipts" else "page"


def _page(template: str, language: str, words: Mapping[str, str], **values: Any) -> Response:
    response = make_response(render_template(template, language=language, words=words, **values))
    guard_page(response, CONTENT_SECURITY_POLICY)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language, Authorization"
    response.headers["Cache-Control"] = "no-store"
    return response
