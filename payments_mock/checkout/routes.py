"""The routes of the payment window, of the widgets, and of the SDK scripts."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Request, Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from payments_mock.api.bodies import json_answer
from payments_mock.api.catalogue import catalogue
from payments_mock.api.errors import CallError, UnknownKeyError
from payments_mock.api.schemas import load_body
from payments_mock.api.wire import current_call
from payments_mock.checkout.acts import BrowserActs
from payments_mock.checkout.decisions import (
    begin_billing_session,
    begin_session,
    context_of_client_key,
    decide,
    decide_billing,
    show_billing_window,
    window_path,
)
from payments_mock.checkout.outcomes import grouped_codes
from payments_mock.checkout.pages import Visit, page_language, show, show_missing, show_window
from payments_mock.checkout.schemas import (
    BillingDecision,
    BillingSessionRequest,
    Decision,
    SdkRefusal,
    SessionRequest,
)
from payments_mock.checkout.translations import WORDS
from payments_mock.checkout.window_options import WindowOptions, make_offer, read_window_options
from payments_mock.domain.errors import PaymentError, PaymentNotFoundError
from payments_mock.domain.sandboxes import ContractName
from payments_mock.domain.values import won
from payments_mock.http.authentication import allow_origin, answer_preflight
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.services.checkout import (
    Window,
    find_checkout_owner,
    find_window,
    find_window_of_payment,
    open_window,
)
from payments_mock.services.payments.lookup import find_payment
from payments_mock.storage.engine.prepared import OwnerGoneError

OUTCOME_TYPE = "application/vnd.payments-mock.outcome+json"
"""What our scripts and windows accept: the refusal is in the body, and the status is 200.

A browser reports any other status as an error of the page, and a page that can show a refusal has none.
"""

TERMS = ("payment-terms", "privacy-terms")
UNCHECKED = "AGREEMENT-UNCHECKED"
"""The `variantKey` whose terms begin unticked; with any other they begin ticked, which is a guess."""


class CheckoutPages:
    """The windows and widgets of a provider, and the calls that pages of any origin make for them."""

    def __init__(self, provider: Dispatcher, *, has_inspector: bool) -> None:
        self._provider = provider
        self._has_inspector = has_inspector

    def blueprints(self) -> Iterator[Blueprint]:
        """Make the blueprints that serve them."""
        pages = Blueprint(
            "checkout",
            __name__,
            template_folder="templates",
            static_folder="static",
            static_url_path="/checkout/-",
        )
        pages.add_app_template_filter(won)
        pages.after_request(BrowserActs(self._provider).note)
        for path, view in (
            ("/checkout/sessions", self.sessions),
            ("/checkout/billing-sessions", self.billing_sessions),
            ("/checkout/sdk-refusals", self.sdk_refusals),
        ):
            methods = ("POST", "OPTIONS")
            pages.add_url_rule(path, view_func=view, methods=methods, provide_automatic_options=False)
        pages.get("/checkout/failure-codes")(self.failure_codes)
        pages.get("/checkout/<payment_key>")(self.window_page)
        pages.post("/checkout/<payment_key>/decisions")(self.decisions)
        pages.get("/checkout/billing")(self.billing_page)
        pages.post("/checkout/billing-decisions")(self.billing_decisions)
        pages.get("/v1/payments/<payment_key>/checkout")(self.checkout_of_payment)
        pages.register_error_handler(CallError, self._refuse)
        pages.register_error_handler(PaymentError, self._refuse)
        pages.register_error_handler(OwnerGoneError, self._refuse_what_is_gone)
        yield pages
        widgets = Blueprint("widgets", __name__, url_prefix="/checkout/widgets")
        widgets.get("/<kind>")(self.widget)
        yield widgets

    def sessions(self) -> Response:
        """Begin a payment for a page of any origin, by its merchant's client key."""
        if request.method == "OPTIONS":
            return answer_preflight(request)
        fields = load_body(request, SessionRequest())
        context = context_of_client_key(self._provider, fields["clientKey"], current_call())
        begun = begin_session(context, fields, _page_origin(request), context.reader.language)
        return allow_origin(json_answer(begun), request)

    def failure_codes(self) -> Response:
        """Name the codes that the tester's drawer offers, in the language of its page."""
        language = page_language(self._visit(), WindowOptions())
        return json_answer({"groups": grouped_codes(WORDS[language], language)})

    def window_page(self, payment_key: str) -> Response:
        """Show the window to who holds its token; nobody else learns that it exists."""
        try:
            window = self._window(payment_key, request.args.get("token", ""))
        except NotFound:
            return show_missing(self._visit())
        context = self._provider.context_for(window.owner, current_call())
        return show_window(self._visit(), context, window, find_payment(context, payment_key))

    def decisions(self, payment_key: str) -> Response:
        """Do what was decided in the window.

        The token in the body, and a type of body that forms can't send, keep other sites from deciding.
        """
        decision: dict[str, Any] = load_body(request, Decision())
        try:
            window = self._window(payment_key, decision["token"])
        except NotFound:
            raise PaymentNotFoundError("there is no such payment window") from None
        window_options = read_window_options(window.options.get("window_options", {}))
        context = self._provider.context_for(window.owner, current_call())
        return json_answer(decide(context, payment_key, window_options, decision, context.reader.language))

    def billing_sessions(self) -> Response:
        """Begin the registration of a card for a page of any origin, by its merchant's client key."""
        if request.method == "OPTIONS":
            return answer_preflight(request)
        fields = load_body(request, BillingSessionRequest())
        context = context_of_client_key(self._provider, fields["clientKey"], current_call())
        begun = begin_billing_session(context, fields, _page_origin(request))
        return allow_origin(json_answer(begun), request)

    def sdk_refusals(self) -> Response:
        """Hear from a page what its script refused before any call, for testers to see."""
        if request.method == "OPTIONS":
            return answer_preflight(request)
        load_body(request, SdkRefusal())
        return allow_origin(json_answer({}), request)

    def billing_page(self) -> Response:
        """Show the billing window to who holds its token, until something is registered in it."""
        window = find_window(self._provider.database, request.args.get("token", ""))
        if window is None or window.payment_key is not None:
            return show_missing(self._visit())
        context = self._provider.context_for(window.owner, current_call())
        return show_billing_window(self._visit(), context, window)

    def billing_decisions(self) -> Response:
        """Do what was decided in the billing window."""
        decision = load_body(request, BillingDecision())
        window = find_window(self._provider.database, decision["token"])
        if window is None or window.payment_key is not None:
            raise PaymentNotFoundError("there is no such billing window")
        context = self._provider.context_for(window.owner, current_call())
        return json_answer(decide_billing(context, window, decision, context.reader.language))

    def checkout_of_payment(self, payment_key: str) -> BaseResponse:
        """Lead from the `checkout.url` of a payment to its window.

        Its key is enough: 48 random characters that only the shopper and the merchant know.
        """
        database = self._provider.database
        window = find_window_of_payment(database, payment_key)
        if window is None:
            owner = find_checkout_owner(database, payment_key)
            if owner is None:
                return show_missing(self._visit())
            window = open_window(self._provider.context_for(owner, current_call()), payment_key, {})
        return redirect(window_path(window))

    def widget(self, kind: str) -> Response:
        """Show a widget for the merchant of a client key; a wrong key is told to the script that asked."""
        window_options, visit = WindowOptions(), self._visit()
        language = page_language(visit, window_options)
        if kind not in ("methods", "agreement", "window"):
            return show(visit, "checkout/missing.html", language)
        problem = ""
        try:
            context_of_client_key(self._provider, request.args.get("clientKey", ""), current_call())
        except UnknownKeyError:
            problem = "INVALID_CLIENT_KEY"
        amount = _amount(request.args.get("amount", ""))
        return show(
            visit,
            f"checkout/widget-{kind}.html",
            language,
            problem=problem,
            amount=amount,
            # Months are offered as if the amount were large; the page hides them while it is not.
            offer=make_offer(window_options, max(amount, 50_000)),
            terms=TERMS,
            ticked=request.args.get("variantKey") != UNCHECKED,
        )

    def _visit(self) -> Visit:
        inspector = url_for("inspector.show") if self._has_inspector else ""
        return Visit(request.args.to_dict(), current_call().reader.language, inspector)

    def _window(self, payment_key: str, token: str) -> Window:
        window = find_window(self._provider.database, token)
        if window is None or window.payment_key != payment_key:
            raise NotFound("there is no such payment window")
        return window

    def _refuse(self, error: Exception) -> Response:
        contract, call = self._provider.contracts[ContractName.TOSS], current_call()
        is_of_key = isinstance(error, UnknownKeyError)
        refusal = contract.answer_code("INVALID_CLIENT_KEY", call) if is_of_key else None
        refusal = refusal or contract.present_error(error, call)
        if OUTCOME_TYPE in request.accept_mimetypes.values():
            told = refusal.get_json()
            # What follows a message in brackets names fields, which says nothing to a shopper.
            shown = catalogue()[told["code"]].message(call.reader.language)
            refusal = json_answer({"refused": {"status": refusal.status_code, "shown": shown, **told}})
            refusal.mimetype = OUTCOME_TYPE
        return allow_origin(refusal, request)

    def _refuse_what_is_gone(self, _error: OwnerGoneError) -> Response:
        return self._refuse(PaymentNotFoundError("the merchant was just deleted, and its payments with it"))


def _page_origin(asked: Request) -> str | None:
    """Return the origin of the page that calls; pages opened from a file have none that can be named."""
    origin = asked.headers.get("Origin")
    return origin if origin and origin.startswith(("http://", "https://")) else None


def _amount(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


SOURCES = {
    "/v2/standard": (
        "errors", "server", "refusals", "keys", "shapes", "environment", "sessions", "frame", "window",
        "widget-frame", "v2-fields", "v2-payment", "v2-widgets", "v2-picker", "v2-brandpay", "v2",
    ),
    "/v1/payment": (
        "errors", "server", "refusals", "keys", "environment", "sessions", "frame", "window",
        "v1-words", "v1-fields", "v1-payment",
    ),
    "/v1/payment-widget": (
        "errors", "server", "refusals", "keys", "environment", "sessions", "frame", "window", "widget-frame",
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
