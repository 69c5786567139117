"""Render the window: what there is to pay, the ways to pay it, and the tester's controls."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, make_response, render_template, request

from payments_mock.checkout.offers import make_offer
from payments_mock.checkout.outcomes import outcome_of
from payments_mock.checkout.redirects import FAILED
from payments_mock.checkout.security import protect
from payments_mock.checkout.wishes import Wishes, read_wishes
from payments_mock.checkout.words import WORDS, shown_name
from payments_mock.contracts.toss.catalogue import catalogue
from payments_mock.contracts.toss.language import answer_language
from payments_mock.domain.payment import Payment
from payments_mock.services.checkout_window import Window
from payments_mock.services.context import Context

FIRST_FAILURES = (FAILED, "REJECT_CARD_COMPANY", "REJECT_CARD_PAYMENT", "INVALID_CARD_LOST_OR_STOLEN")


def page_language(wishes: Wishes) -> str:
    """Return the language of a page: the one switched to, else what the merchant or the browser prefers."""
    asked = request.args.get("lang") or wishes.language or ""
    return asked if asked in WORDS else answer_language()


def show_window(context: Context, window: Window, payment: Payment) -> Response:
    """Show the window of a payment, or how it ended."""
    wishes = read_wishes(window.options.get("wishes", {}))
    language = page_language(wishes)
    return show(
        "checkout/window.html",
        language,
        merchant=context.merchant.code,
        payment=payment,
        offer=make_offer(wishes, payment.total_amount),
        agreed=wishes.agreed,
        codes=failure_codes(language),
        token=window.token,
        origin=window.options.get("origin") or "*",
        outcome=_as_json(outcome_of(payment, language)),
    )


def show_missing() -> Response:
    """Tell a visitor that there is no such window."""
    response = show("checkout/missing.html", answer_language())
    response.status_code = 404
    return response


def show(template: str, language: str, **values: object) -> Response:
    """Render a page in a language, with the headers of all pages here."""
    page = render_template(
        template,
        language=language,
        words=WORDS[language],
        name=lambda thing: shown_name(thing.korean_name, thing.english_name, language),
        loop_hue=_hue,
        switch=lambda to: f"?{_query_with_language(to)}",
        **values,
    )
    response = make_response(page)
    response.headers["Content-Language"] = language
    return protect(response)


def _hue(value: str) -> int:
    """Return one of eight tints for the mark of a company, the same each time."""
    return sum(value.encode()) % 8


def _query_with_language(language: str) -> str:
    return urlencode({**request.args.to_dict(), "lang": language})


def failure_codes(language: str) -> list[tuple[str, str]]:
    """Return the codes of the catalogue with their messages, those first that a tester wants most."""
    entries = catalogue()
    ordered = [*FIRST_FAILURES, *(code for code in sorted(entries) if code not in FIRST_FAILURES)]
    return [(code, entries[code].message(language)) for code in ordered]


def _as_json(outcome: Mapping[str, Any] | None) -> str:
    return "" if outcome is None else orjson.dumps(outcome).decode()
