"""Billing: keys are issued, charged by, and deleted."""

from typing import Any

from flask import Response

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.charged import CHARGE_ERRORS, answer_charge, read_card, read_order
from payments_mock.contracts.toss.present.billing import present_billing
from payments_mock.contracts.toss.routes.key_in import CARD_ERRORS
from payments_mock.contracts.toss.schemas.billing import (
    Billing,
    BillingChargeRequest,
    CardRegistrationRequest,
    IssueRequest,
)
from payments_mock.contracts.toss.schemas.payment import Payment
from payments_mock.domain import billing_errors, card_errors
from payments_mock.domain.key_families import WidgetKeyError
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.billing import (
    charge_billing_key,
    delete_billing_key,
    issue_billing_key,
    register_card,
)


def _issue(call: Call) -> dict[str, Any]:
    key = issue_billing_key(call.context, call.body["authKey"], call.body["customerKey"])
    return present_billing(call.context, key)


def _register_card(call: Call) -> dict[str, Any]:
    key = register_card(call.context, call.body["customerKey"], read_card(call.body))
    return present_billing(call.context, key)


def _charge(call: Call) -> dict[str, Any] | Response:
    body = call.body
    payment = charge_billing_key(
        call.context,
        call.path["billing_key"],
        body["customerKey"],
        read_order(body),
        body.get("cardInstallmentPlan") or 0,
    )
    return answer_charge(call.context, payment)


def _delete(call: Call) -> Response:
    delete_billing_key(call.context, call.path["billing_key"])
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
        *paths.BILLING_ISSUE,
        "Issue the billing key that a customer authorized in the billing window",
        _issue,
        body=IssueRequest(),
        answer=Billing(),
        errors=(
            WidgetKeyError,
            billing_errors.BillingNotFoundError,
            billing_errors.CustomerMismatchError,
            billing_errors.BillingAuthorizationOverError,
            *_REGISTRATION_ERRORS,
        ),
    ),
    Operation(
        *paths.BILLING_CARD,
        "Issue a billing key for a card that the merchant keys in",
        _register_card,
        body=CardRegistrationRequest(),
        answer=Billing(),
        errors=(WidgetKeyError, *CARD_ERRORS, *_REGISTRATION_ERRORS),
    ),
    Operation(
        *paths.BILLING_PAY,
        "Charge by a billing key",
        _charge,
        body=BillingChargeRequest(),
        answer=Payment(),
        errors=(
            *CHARGE_ERRORS,
            billing_errors.BillingNotFoundError,
            billing_errors.BillingKeyRemovedError,
            billing_errors.CustomerMismatchError,
            billing_errors.BillingCardExpiredError,
        ),
    ),
    Operation(
        *paths.BILLING_DELETE,
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
