"""Operations of billing keys."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from payments_mock.api.catalogue import ENGLISH, word
from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import PaymentSchema
from payments_mock.api.schemas import RequestSchema
from payments_mock.api.values import ORDER_EXAMPLE, Text, customer_key
from payments_mock.contracts.toss.direct_charges import (
    CARD_ERRORS,
    CARD_EXAMPLE,
    CHARGE_ERRORS,
    CardFields,
    ChargeFields,
    CustomerFields,
    answer_charge,
    read_card,
    read_order,
)
from payments_mock.contracts.toss.payment_presentation import present_time
from payments_mock.domain import billing as billing_errors
from payments_mock.domain import cards as card_errors
from payments_mock.domain.billing import BillingKey
from payments_mock.domain.institutions import find_issuer
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.domain.payments.instruments import Card, Transfer
from payments_mock.services.billing import (
    charge_billing_key,
    delete_billing_key,
    issue_billing_key,
    register_card,
)
from payments_mock.services.context import Context


class IssueRequest(RequestSchema):
    """What the billing window gave to the merchant's success page."""

    example: Mapping[str, Any] = {"authKey": "bln_7dLkYOvxWr5", "customerKey": "customer-1"}
    missing_code = "INVALID_REQUIRED_PARAM"

    authKey = Text(300, required=True)  # noqa: N815
    customerKey = customer_key()  # noqa: N815


class CardRegistrationRequest(CardFields, CustomerFields):
    """A card, and the customer it is going to pay for."""

    example: Mapping[str, Any] = {**CARD_EXAMPLE, "customerKey": "customer-1"}

    customerKey = customer_key()  # noqa: N815


class BillingChargeRequest(ChargeFields):
    """The order, and the customer that the billing key was issued for."""

    example: Mapping[str, Any] = {**ORDER_EXAMPLE, "customerKey": "customer-1"}

    customerKey = customer_key()  # noqa: N815


class BillingCard(Schema):
    """The card that a billing key stands for."""

    issuerCode = fields.String(required=True)  # noqa: N815
    acquirerCode = fields.String(required=True, allow_none=True)  # noqa: N815
    number = fields.String(required=True)
    cardType = fields.String(required=True)  # noqa: N815
    ownerType = fields.String(required=True)  # noqa: N815


class BillingTransfer(Schema):
    """The bank account that a billing key stands for; the number is masked."""

    bankCode = fields.String(required=True)  # noqa: N815
    accountNumber = fields.String(required=True)  # noqa: N815


class Billing(Schema):
    """A billing key and what it stands for; version 2024-06-01 has no `cardCompany` and `cardNumber`."""

    mId = fields.String(required=True)  # noqa: N815
    customerKey = fields.String(required=True)  # noqa: N815
    authenticatedAt = fields.String(required=True)  # noqa: N815
    method = fields.String(required=True)
    billingKey = fields.String(required=True)  # noqa: N815
    card = fields.Nested(BillingCard, required=True, allow_none=True)
    transfers = fields.Nested(BillingTransfer, required=True, allow_none=True, many=True)
    cardCompany = fields.String(allow_none=True)  # noqa: N815
    cardNumber = fields.String(allow_none=True)  # noqa: N815


VERSION_WITH_CARD_AT_THE_TOP = "2022-11-16"


def present_billing(context: Context, key: BillingKey) -> dict[str, Any]:
    """Show a billing key to its merchant, in the language of the call."""
    language = context.reader.language
    card, transfer = key.means.instruments.card, key.means.instruments.transfer
    shown: dict[str, Any] = {
        "mId": context.merchant.code,
        "customerKey": key.customer_key,
        "authenticatedAt": present_time(key.authenticated_at),
        "method": word(key.means.method, language),
        "billingKey": key.billing_key,
        "card": None if card is None else _card(card, language),
        "transfers": None if transfer is None else [_transfer(transfer)],
    }
    if context.version == VERSION_WITH_CARD_AT_THE_TOP:
        shown["cardCompany"] = None if card is None else _company(card, language)
        shown["cardNumber"] = None if card is None else card.number
    return shown


def _card(card: Card, language: str) -> dict[str, Any]:
    return {
        "issuerCode": card.issuer_code,
        "acquirerCode": card.acquirer_code,
        "number": card.number,
        "cardType": word(card.card_type, language),
        "ownerType": word(card.owner_type, language),
    }


MASKED_ACCOUNT_NUMBER = "1002****1234"
"""The number of every customer's account here, as far as it is shown."""


def _transfer(transfer: Transfer) -> dict[str, Any]:
    return {"bankCode": transfer.bank_code, "accountNumber": MASKED_ACCOUNT_NUMBER}


def _company(card: Card, language: str) -> str:
    issuer = find_issuer(card.issuer_code)
    if issuer is None:
        return card.issuer_code
    return issuer.english_name if language == ENGLISH else issuer.korean_name


def _issue(call: Call) -> dict[str, Any]:
    key = issue_billing_key(call.context, call.connection, call.body["authKey"], call.body["customerKey"])
    return present_billing(call.context, key)


def _register_card(call: Call) -> dict[str, Any]:
    key = register_card(call.context, call.connection, call.body["customerKey"], read_card(call.body))
    return present_billing(call.context, key)


def _charge(call: Call) -> dict[str, Any] | Response:
    body = call.body
    payment = charge_billing_key(
        call.context,
        call.connection,
        call.path["billing_key"],
        body["customerKey"],
        read_order(body),
        body.get("cardInstallmentPlan") or 0,
    )
    return answer_charge(call, payment)


def _delete(call: Call) -> Response:
    delete_billing_key(call.context, call.connection, call.path["billing_key"])
    empty = Response(status=200)
    del empty.headers["Content-Type"]
    return empty


_REGISTRATION_ERRORS = (
    card_errors.CardSuspendedError,
    card_errors.CardLostError,
    card_errors.CardRejectedError,
    card_errors.CardUnusableError,
)

OPERATIONS = (
    Operation(
        "billing-issue",
        "POST",
        "/v1/billing/authorizations/issue",
        "Issue the billing key that a customer authorized in the billing window",
        _issue,
        body=IssueRequest(),
        answer=Billing,
        errors=(
            WidgetKeyError,
            billing_errors.BillingNotFoundError,
            billing_errors.CustomerMismatchError,
            billing_errors.BillingAuthorizationOverError,
            *_REGISTRATION_ERRORS,
        ),
    ),
    Operation(
        "billing-card",
        "POST",
        "/v1/billing/authorizations/card",
        "Issue a billing key for a card that the merchant keys in",
        _register_card,
        body=CardRegistrationRequest(),
        answer=Billing,
        errors=(WidgetKeyError, *CARD_ERRORS, *_REGISTRATION_ERRORS),
    ),
    Operation(
        "billing-pay",
        "POST",
        "/v1/billing/<billing_key>",
        "Charge by a billing key",
        _charge,
        body=BillingChargeRequest(),
        answer=PaymentSchema,
        errors=(
            *CHARGE_ERRORS,
            billing_errors.BillingNotFoundError,
            billing_errors.BillingKeyRemovedError,
            billing_errors.CustomerMismatchError,
            billing_errors.BillingCardExpiredError,
        ),
    ),
    Operation(
        "billing-delete",
        "DELETE",
        "/v1/billing/<billing_key>",
        "Delete a billing key",
        _delete,
        answer=None,
        errors=(
            WidgetKeyError,
            billing_errors.BillingNotFoundError,
            billing_errors.BillingKeyRemovedError,
        ),
    ),
)
