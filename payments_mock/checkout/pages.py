"""The pages of the payment window, and the headers that protect them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, make_response, render_template

from payments_mock.api.bodies import guard_page
from payments_mock.api.catalogue import ENGLISH, KOREAN
from payments_mock.checkout.outcomes import outcome_of
from payments_mock.checkout.schemas import LANGUAGES
from payments_mock.checkout.translations import WORDS, shown_name
from payments_mock.checkout.window_options import WindowOptions, make_offer, read_window_options
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.values import immutable
from payments_mock.services.checkout import Window
from payments_mock.services.context import Context

# Shops frame the window wherever they are, `file:` pages included. What keeps a stranger's frame harmless is
# that nothing happens without the window's token, which only the page that opened it was given.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors * file:"
)


def protect(response: Response) -> Response:
    """Give a page its headers; the address holds a token, so nobody is told where a visitor comes from."""
    response.headers["Cache-Control"] = "no-store"
    response.headers.add("Vary", "Accept-Language")
    return guard_page(response, CONTENT_SECURITY_POLICY)


@immutable
class Visit:
    """One visit to a page: the query of its address, and the language that the visitor prefers.

    `inspector` is the address of the inspector, empty where there is none.
    """

    query: Mapping[str, str]
    language: str
    inspector: str


def page_language(visit: Visit, window_options: WindowOptions) -> str:
    """Return the language of a page: the one switched to, else what the merchant asks for.

    Unset, it follows the currency, which is KRW: the language of the browser does not count.
    """
    asked = visit.query.get("lang") or window_options.language or KOREAN
    if asked in WORDS:
        return asked
    return ENGLISH if asked in LANGUAGES else KOREAN


def show_window(visit: Visit, context: Context, window: Window, payment: Payment) -> Response:
    """Show the window of a payment, or how it ended."""
    window_options = read_window_options(window.options.get("window_options", {}))
    language = page_language(visit, window_options)
    return show(
        visit,
        "checkout/window.html",
        language,
        merchant=context.merchant.code,
        payment=payment,
        offer=make_offer(window_options, payment.total_amount),
        agreed=window_options.agreed,
        token=window.token,
        origin=window.options.get("origin") or "*",
        outcome=_as_json(outcome_of(payment, language)),
    )


def show_missing(visit: Visit) -> Response:
    """Tell a visitor that there is no such window."""
    response = show(visit, "checkout/missing.html", visit.language)
    response.status_code = 404
    return response


def show(visit: Visit, template: str, language: str, **values: object) -> Response:
    """Render a page in a language, with the headers of all pages here."""
    page = render_template(
        template,
        language=language,
        words=WORDS[language],
        name=lambda thing: shown_name(thing.korean_name, thing.english_name, language),
        loop_hue=_hue,
        inspector=visit.inspector,
        switch=lambda to: "?" + urlencode({**visit.query, "lang": to}),
        **values,
    )
    response = make_response(page)
    response.headers["Content-Language"] = language
    return protect(response)


def _hue(value: str) -> int:
    """Return one of eight tints for the mark of a company, the same each time."""
    return sum(value.encode()) % 8


def _as_json(outcome: Mapping[str, Any] | None) -> str:
    return "" if outcome is None else orjson.dumps(outcome).decode()
