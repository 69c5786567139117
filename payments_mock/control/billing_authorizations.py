"""A customer without a browser: does in one call what the billing window does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.checkout.redirects import CLOSED_BY_SHOPPER, with_query
from payments_mock.contracts.toss.catalogue import failure_message
from payments_mock.contracts.toss.language import answer_language
from payments_mock.contracts.toss.schemas.billing import customer_key
from payments_mock.contracts.toss.words import METHOD_NAMES, find_method
from payments_mock.control.checkouts import DEFAULT_FAIL_URL, DEFAULT_SUCCESS_URL
from payments_mock.control.schemas import (
    CLIENT_KEY_EXAMPLE,
    CardChoice,
    MethodName,
    Outcome,
    TransferChoice,
    client_key,
    return_url,
)
from payments_mock.domain.billing import BillingMeans
from payments_mock.domain.card_numbers import card_of_number
from payments_mock.domain.card_refusals import find_refusal
from payments_mock.domain.instrument_choice import InstrumentChoice, instruments_for
from payments_mock.domain.issuers import find_issuer
from payments_mock.domain.methods import Card, Instruments, Method
from payments_mock.services.billing import authorize_billing
from payments_mock.services.context import Context

BILLING_METHODS = (Method.CARD, Method.TRANSFER)
BILLING_METHOD_NAMES = tuple(name for name in METHOD_NAMES if find_method(name) in BILLING_METHODS)
DEFAULT_CARD_NUMBER = "4330123412341234"


class BillingAuthorizationRequest(Schema):
    """What the shop's page hands to the billing window, and what the customer does in it."""

    example: Mapping[str, Any] = {"clientKey": CLIENT_KEY_EXAMPLE, "customerKey": "customer-1"}
    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = client_key()  # noqa: N815
    customerKey = customer_key()  # noqa: N815
    method = MethodName(
        load_default=Method.CARD,
        validate=validate.OneOf(BILLING_METHODS, error="Must be CARD or TRANSFER."),
        metadata={"code": "NOT_SUPPORTED_METHOD", "enum": BILLING_METHOD_NAMES},
    )
    successUrl = return_url("success")  # noqa: N815
    failUrl = return_url("fail")  # noqa: N815
    card = fields.Nested(CardChoice, only=("issuer", "number", "type"))
    transfer = fields.Nested(TransferChoice)
    outcome = fields.Nested(Outcome, only=("result", "code"))


class BillingAuthorization(Schema):
    """The authKey that the merchant fetches the billing key with, and where the browser would have gone."""

    authKey = fields.String(required=True, allow_none=True)  # noqa: N815
    customerKey = fields.String(required=True)  # noqa: N815
    redirectUrl = fields.String(required=True, allow_none=True)  # noqa: N815


def run_billing_authorization(context: Context, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Let the customer act as `fields` say; returns the authKey, if any, and the redirect.

    Raises:
        WidgetKeyError: the window was opened with a key of the payment widget.
    """
    customer = fields["customerKey"]
    outcome = fields.get("outcome", {})
    result = outcome.get("result", "authenticate")
    if result == "authenticate":
        auth_key = authorize_billing(context, customer, _means(context, fields)).auth_key
        added = {"customerKey": customer, "authKey": auth_key}
        return _present(customer, auth_key, with_query(fields.get("successUrl", DEFAULT_SUCCESS_URL), added))
    if result == "wait":
        return _present(customer, None, None)
    code = outcome["code"] if result == "fail" else CLOSED_BY_SHOPPER
    added = {"code": code, "message": failure_message(code, answer_language())}
    return _present(customer, None, with_query(fields.get("failUrl", DEFAULT_FAIL_URL), added))


def _means(context: Context, fields: Mapping[str, Any]) -> BillingMeans:
    if fields["method"] is Method.TRANSFER:
        chosen = InstrumentChoice(Method.TRANSFER, **fields.get("transfer", {}))
        return BillingMeans(Method.TRANSFER, instruments_for(chosen, 0, context.now(), ""))
    choice = fields.get("card", {})
    number = choice.get("number", DEFAULT_CARD_NUMBER)
    card = _card(number, choice)
    return BillingMeans(Method.CARD, Instruments(card=card), refusal=find_refusal(number))


def _card(number: str, choice: Mapping[str, Any]) -> Card:
    """Return the card of a number, but for what the customer's choice says otherwise."""
    card = card_of_number(number)
    issuer = find_issuer(choice["issuer"]) if "issuer" in choice else None
    if issuer is not None:
        card = replace(card, issuer_code=issuer.code, acquirer_code=issuer.code)
    return replace(card, card_type=choice.get("type", card.card_type))


def _present(customer: str, auth_key: str | None, redirect_url: str | None) -> dict[str, Any]:
    return {"authKey": auth_key, "customerKey": customer, "redirectUrl": redirect_url}
