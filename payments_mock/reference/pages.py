"""The pages for people: the home page, the reference, and the page for wrong addresses.

Programs are answered in JSON at the same addresses, as they always were. A page that shows more than the home
page can take its place by serving `/` itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import (
    Blueprint,
    Request,
    Response,
    make_response,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound

from payments_mock.api.bodies import guard_page, json_answer
from payments_mock.api.catalogue import ENGLISH
from payments_mock.api.operation import Api, Contract
from payments_mock.api.wire import current_call
from payments_mock.banner import example_request
from payments_mock.control.api import CONTROL
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import ContractName, family_of
from payments_mock.domain.values import Reader, immutable
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.merchant_settings import BUILT_IN_MERCHANTS, MerchantSettings
from payments_mock.reference.words import LANGUAGES, words_of

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
"""How much of a wrong address is shown."""

_STATUSES_WITH_PAGES: Final = (400, 404, 405)

# The rest of the bundle is a page that shows the document of a public host.
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
    """Return the keys that every server has; keys of the settings are not shown."""
    return [
        BuiltInKeys(merchant.id, merchant.contract, secret, _client_key(merchant, secret))
        for merchant in BUILT_IN_MERCHANTS
        for secret in merchant.secret_keys
    ]


def _client_key(merchant: MerchantSettings, secret: str) -> str | None:
    same = (key for key in merchant.client_keys if family_of(key) is family_of(secret))
    return next(same, None)


class ReferencePages:
    """The OpenAPI documents of a provider, and the viewer that shows them."""

    def __init__(self, contracts: Mapping[ContractName, Contract]) -> None:
        self._documented = documented(contracts)
        self._contracts = contracts.values()

    def blueprint(self) -> Blueprint:
        """Make the blueprint that serves them."""
        pages = Blueprint(
            "reference",
            __name__,
            template_folder="templates",
            static_folder="static",
            static_url_path="/docs/-",
        )
        pages.after_request(_protect)
        pages.get("/openapi.json")(self.document)
        pages.get("/docs")(self.viewer)
        pages.get("/docs/viewer/<path:filename>")(self.viewer_file)
        # Browsers ask for this when they show an answer that is not a page.
        pages.add_url_rule("/favicon.ico", "icon", lambda: pages.send_static_file("icon.svg"))
        return pages

    def document(self) -> Response:
        """Answer the OpenAPI document of the contract that the query names, else of the default one."""
        # apispec is needed here alone, and a server must be up before anybody asks for its reference.
        from payments_mock.reference.openapi import openapi_document

        language = request.args.get("lang", ENGLISH)
        return json_answer(openapi_document(self._named(request.args), self._contracts, language))

    def viewer(self) -> str:
        """Show the reference of the contract that the query names, else of the default one."""
        shown = str(self._named(request.args).name)
        language = asked_language(request.args, current_call().reader)
        return render_template(
            "reference/viewer.html",
            contracts=list(self._documented),
            shown=shown,
            language=language,
            words=words_of("viewer", language),
            keys=[pair for pair in built_in_keys() if pair.contract == shown],
        )

    def viewer_file(self, filename: str) -> Response:
        """Answer a file of the viewer that its page here needs."""
        if filename not in VIEWER_FILES:
            raise NotFound
        from swagger_ui_bundle import swagger_ui_path

        return send_from_directory(swagger_ui_path, filename)

    def _named(self, query: Mapping[str, str]) -> Api:
        known = self._documented
        wanted = query.get("contract", next(iter(known)))
        if wanted not in known:
            raise BadRequest(f"contract must be {' or '.join(known)}")
        return known[wanted]


def _protect(response: Response) -> Response:
    """Have browsers load nothing from other hosts."""
    return guard_page(response, VIEWER_POLICY)


def documented(contracts: Mapping[ContractName, Contract]) -> Mapping[str, Api]:
    """Return everything that has a document, the default contract first."""
    apis: dict[str, Api] = {str(name): contract for name, contract in contracts.items()}
    return apis | {CONTROL.name: CONTROL}


def asked_language(query: Mapping[str, str], reader: Reader) -> str:
    """Return the language that the page was switched to, else the one that its reader likes best."""
    asked = query.get("lang", "")
    return asked if asked in LANGUAGES else reader.language


class HomePages:
    """The home page of a provider, and the page that browsers get where there is none."""

    def __init__(self, provider: Dispatcher, *, has_inspector: bool) -> None:
        self._provider = provider
        self._has_inspector = has_inspector

    def blueprint(self) -> Blueprint:
        """Make the blueprint that serves them."""
        pages = Blueprint("home", __name__, template_folder="templates")
        pages.add_url_rule("/", "show", self.show)
        for status in _STATUSES_WITH_PAGES:
            pages.app_errorhandler(status)(self.explain)
        return pages

    def show(self) -> Response:
        """Show a browser where the server is, its keys, and how to begin; programs find nothing here."""
        if not _wants_a_page(request):
            raise NotFound
        reader = current_call().reader
        language, base = asked_language(request.args, reader), reader.base_url
        return _page(
            "reference/home.html",
            language,
            words_of("home", language),
            base=base,
            example=example_request(base),
            script=f'<script src="{base}/v2/standard"></script>',
            keys=built_in_keys(),
            documented=documented(self._provider.contracts),
            has_inspector=self._has_inspector,
            is_open=self._provider.is_open,
        )

    def explain(self, error: HTTPException) -> Response:
        """Answer an address that leads nowhere: a browser by a page, all others in the API's words."""
        call = current_call()
        if not _wants_a_page(request):
            return self._provider.answer_http_error(error, request, call)
        language = call.reader.language
        response = _page(
            "reference/lost.html",
            language,
            words_of("lost", language),
            what=_what_is_wrong(error, request),
            path=request.path[:LONGEST_SHOWN],
        )
        response.status_code = error.code or 404
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        return response


def _wants_a_page(asked: Request) -> bool:
    """Tell whether a browser asks: it prefers HTML, and sends no key."""
    if asked.method not in {"GET", "HEAD"} or "Authorization" in asked.headers:
        return False
    accepted = asked.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _what_is_wrong(error: HTTPException, asked: Request) -> str:
    if isinstance(error, MethodNotAllowed):
        return "method"
    if not isinstance(error, NotFound):
        return "wrong"
    return "receipt" if asked.blueprint == "receipts" else "page"


def _page(template: str, language: str, words: Mapping[str, str], **values: Any) -> Response:
    response = make_response(render_template(template, language=language, words=words, **values))
    guard_page(response, CONTENT_SECURITY_POLICY)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language, Authorization"
    response.headers["Cache-Control"] = "no-store"
    return response
