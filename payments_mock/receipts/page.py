"""A page that a person can read and print: what was paid, when, and whether it was given back."""

import hmac

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from payments_mock.http.template_filters import korea_time, won
from payments_mock.receipts.words import DEFAULT_LANGUAGE, WORDS
from payments_mock.services.receipt import find_receipt

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

receipts = Blueprint(
    "receipts",
    __name__,
    url_prefix="/receipts",
    template_folder="templates",
    static_folder="static",
    static_url_path="/-",
)
receipts.add_app_template_filter(korea_time)
receipts.add_app_template_filter(won)


@receipts.get("/<payment_key>")
def show(payment_key: str) -> Response:
    """Show the receipt of an approved payment to who holds its token; nobody else learns that it exists."""
    token = request.args.get("token", "")
    # A database may not take NUL even to compare it.
    receipt = None if "\0" in token else find_receipt(payment_key, token)
    if receipt is None or not hmac.compare_digest(receipt.payment.receipt_token.encode(), token.encode()):
        raise NotFound("there is no such receipt")
    language = request.accept_languages.best_match(WORDS) or DEFAULT_LANGUAGE
    page = render_template(
        "receipts/receipt.html",
        receipt=receipt,
        payment=receipt.payment,
        words=WORDS[language],
        language=language,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response
