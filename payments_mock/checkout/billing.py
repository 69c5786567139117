"""The billing window: a customer registers a card or an account for payments to come."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from payments_mock.checkout.offers import banks_in_order
from payments_mock.checkout.page import failure_codes, page_language, show
from payments_mock.checkout.redirects import CLOSED_BY_SHOPPER, FAILED, with_query
from payments_mock.checkout.wishes import Wishes
from payments_mock.contracts.toss.catalogue import failure_message
from payments_mock.domain.banks import find_bank
from payments_mock.domain.billing import BillingMeans, means_of_card
from payments_mock.domain.card_data import CardData, check_card_data
from payments_mock.domain.key_families import check_api_key
from payments_mock.domain.methods import Instruments, Method, Transfer
from payments_mock.http.errors import InvalidFieldsError
from payments_mock.services.billing_window import authorize_in_window
from payments_mock.services.checkout_window import Window, open_window
from payments_mock.services.context import Context


def begin_billing_session(context: Context, fields: Mapping[str, Any], origin: str | None) -> dict[str, str]:
    """Open a billing window; returns its path.

    Raises:
        WidgetKeyError: the client key is of the payment widget.
    """
    check_api_key(context.key_family)
    kept = {name: fields[name] for name in ("customerKey", "method", "successUrl", "failUrl")}
    window = open_window(context, None, {**kept, "origin": origin})
    return {"windowPath": f"/checkout/billing?token={window.token}"}


def show_billing_window(context: Context, window: Window) -> Response:
    """Show the window in which a customer registers a card, or an account."""
    language = page_language(Wishes())
    return show(
        "checkout/billing.html",
        language,
        merchant=context.merchant.code,
        customer_key=window.options["customerKey"],
        method=window.options["method"],
        banks=banks_in_order(),
        codes=failure_codes(language),
        token=window.token,
        origin=window.options.get("origin") or "*",
    )


def decide_billing(
    context: Context, window: Window, decision: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """Carry out a decision, and return the outcome of the window.

    Raises:
        InvalidFieldsError, CardDetailsError: the card, or the bank, will not do.
        CheckoutOverError: the customer has registered something in this window before.
    """
    customer = window.options["customerKey"]
    if decision["action"] == "authenticate":
        means = _means(context, window, decision)
        auth_key = authorize_in_window(context, window, customer, means).auth_key
        added = {"customerKey": customer, "authKey": auth_key}
        return {"kind": "AUTHENTICATED", "redirectUrl": with_query(window.options["successUrl"], added)}
    is_closed = decision["action"] == "close"
    code = CLOSED_BY_SHOPPER if is_closed else decision.get("code", FAILED)
    message = failure_message(code, language)
    return {
        "kind": "CLOSED" if is_closed else "FAILED",
        "code": code,
        "message": message,
        "redirectUrl": with_query(window.options["failUrl"], {"code": code, "message": message}),
    }


def _means(context: Context, window: Window, decision: Mapping[str, Any]) -> BillingMeans:
    if window.options["method"] == Method.TRANSFER:
        bank = find_bank(decision.get("bank", ""))
        if bank is None:
            raise InvalidFieldsError({"bank": ["Must be the code or the name of a bank."]}, "INVALID_BANK")
        return BillingMeans(Method.TRANSFER, Instruments(transfer=Transfer(bank.code)))
    if "card" not in decision:
        raise InvalidFieldsError({"card": ["Is missing."]}, "INVALID_REQUIRED_PARAM")
    details = decision["card"]
    card = CardData(
        number=details["cardNumber"],
        expiration_year=details["cardExpirationYear"],
        expiration_month=details["cardExpirationMonth"],
        identity_number=details["customerIdentityNumber"],
        password=details["cardPassword"],
    )
    check_card_data(card, context.now())
    return means_of_card(card)
