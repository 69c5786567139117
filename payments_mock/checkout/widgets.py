"""What the widgets draw inside a shop's page: the ways to pay, the terms, and both in one window."""

from flask import Blueprint, Response, request

from payments_mock.checkout.offers import make_offer
from payments_mock.checkout.page import page_language, show
from payments_mock.checkout.routes import context_of_client_key
from payments_mock.checkout.wishes import Wishes
from payments_mock.http.errors import UnknownKeyError

TERMS = ("payment-terms", "privacy-terms")

widget_pages = Blueprint("widgets", __name__, url_prefix="/checkout/widgets")


@widget_pages.get("/<kind>")
def widget(kind: str) -> Response:
    """Show a widget for the merchant of a client key; a wrong key is told to the script that asked."""
    wishes = Wishes()
    language = page_language(wishes)
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
        offer=make_offer(wishes, max(amount, 50_000)),
        terms=TERMS,
    )


def _amount() -> int:
    text = request.args.get("amount", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
