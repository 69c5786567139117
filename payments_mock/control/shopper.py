"""Do what the shopper does: register a card for billing, and pay in the window."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from marshmallow import Schema, fields, validate

from payments_mock.api.catalogue import METHOD_NAMES, failure_message, find_method
from payments_mock.api.errors import UnknownKeyError
from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import PaymentSchema
from payments_mock.api.values import MethodName, StrictText, Won, customer_key, return_url
from payments_mock.checkout.decisions import context_of_client_key
from payments_mock.checkout.outcomes import CLOSED_BY_SHOPPER, with_query
from payments_mock.control.checkout import DEFAULT_FAIL_URL, DEFAULT_SUCCESS_URL, run_checkout
from payments_mock.control.requests import context_of_sandbox, provider_of
from payments_mock.control.schemas import (
    CLIENT_KEY_EXAMPLE,
    CardChoice,
    Checkout,
    CheckoutRequest,
    OutcomeSchema,
    TransferChoice,
    client_key,
)
from payments_mock.domain import accounts as deposit_errors
from payments_mock.domain import errors
from payments_mock.domain import receipts as cash_receipt_errors
from payments_mock.domain.accounts import Deposit
from payments_mock.domain.billing import BillingMeans
from payments_mock.domain.cards import card_of_number, find_decline
from payments_mock.domain.institutions import find_issuer
from payments_mock.domain.payments.confirmation import WidgetKeyError
from payments_mock.domain.payments.instruments import Card, Instruments
from payments_mock.domain.payments.methods import InstrumentChoice, Method, Sale, instruments_for
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.sandboxes import ContractName
from payments_mock.services.billing import authorize_billing
from payments_mock.services.context import Context
from payments_mock.services.payments.lifecycle import deposit_to_payment, reverse_payment_deposit
from payments_mock.services.sandboxes import SandboxNotFoundError

BILLING_METHODS = tuple(method for method in Method if method.definition.is_recurring)
BILLING_METHOD_NAMES = tuple(name for name in METHOD_NAMES if find_method(name) in BILLING_METHODS)
DEFAULT_CARD_NUMBER = "5365101234121234"


class ReversalRequest(Schema):
    """Whose payment it is: a client or secret key of the merchant."""

    example: Mapping[str, Any] = {"clientKey": CLIENT_KEY_EXAMPLE}
    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = client_key()  # noqa: N815


class PaidIn(Schema):
    """How much is paid in (the exact amount, unless said), and by whom."""

    example: Mapping[str, Any] = {"depositorName": "김토스"}
    missing_code = "INVALID_REQUIRED_PARAM"

    amount = Won(allow_none=True)
    depositorName = StrictText(100, allow_none=True)  # noqa: N815


class DepositRequest(PaidIn, ReversalRequest):
    """Whose payment it is, how much is paid in (the exact amount, unless said), and by whom."""

    example: Mapping[str, Any] = {**ReversalRequest.example, **PaidIn.example}


def run_deposit(call: Call, context: Context) -> Mapping[str, Any]:
    """Pay into the payment's virtual account; returns it as the merchant sees it.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: the bank takes no such deposit.
    """
    paid_in = Deposit(call.body.get("amount"), call.body.get("depositorName"))
    return _present_to_merchant(call, context, deposit_to_payment(context, call.path["payment_key"], paid_in))


def run_reversal(call: Call, context: Context) -> Mapping[str, Any]:
    """Take the payment's deposit back; returns it as the merchant sees it.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: there is no deposit that can be taken back.
    """
    return _present_to_merchant(call, context, reverse_payment_deposit(context, call.path["payment_key"]))


def _present_to_merchant(call: Call, context: Context, payment: Payment) -> Mapping[str, Any]:
    return provider_of(call).contract_of(context.merchant).present_payment(context, payment)


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
    outcome = fields.Nested(OutcomeSchema, only=("result", "code"))


class BillingAuthorizationSchema(Schema):
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
    added = {"code": code, "message": failure_message(code, context.reader.language)}
    return _present(customer, None, with_query(fields.get("failUrl", DEFAULT_FAIL_URL), added))


def _means(context: Context, fields: Mapping[str, Any]) -> BillingMeans:
    if fields["method"] is Method.TRANSFER:
        chosen = InstrumentChoice(Method.TRANSFER, **fields.get("transfer", {}))
        return BillingMeans(Method.TRANSFER, instruments_for(chosen, Sale(0, context.now(), "")))
    choice = fields.get("card", {})
    number = choice.get("number", DEFAULT_CARD_NUMBER)
    card = _card(number, choice)
    return BillingMeans(Method.CARD, Instruments(card=card), refusal=find_decline(number))


def _card(number: str, choice: Mapping[str, Any]) -> Card:
    """Return the card with a number, changed as the customer chose."""
    card = card_of_number(number)
    issuer = find_issuer(choice["issuer"]) if "issuer" in choice else None
    if issuer is not None:
        card = replace(card, issuer_code=issuer.code, acquirer_code=issuer.code)
    return replace(card, card_type=choice.get("type", card.card_type))


def _present(customer: str, auth_key: str | None, redirect_url: str | None) -> dict[str, Any]:
    return {"authKey": auth_key, "customerKey": customer, "redirectUrl": redirect_url}


def _check_out(call: Call) -> dict[str, Any]:
    return run_checkout(_context_of_client_key(call), call.body)


def _deposit(call: Call) -> Mapping[str, Any]:
    return run_deposit(call, _context_of_any_key(call))


def _reverse(call: Call) -> Mapping[str, Any]:
    return run_reversal(call, _context_of_any_key(call))


def _deposit_in_sandbox(call: Call) -> Mapping[str, Any]:
    return run_deposit(call, context_of_sandbox(call))


def _reverse_in_sandbox(call: Call) -> Mapping[str, Any]:
    return run_reversal(call, context_of_sandbox(call))


def _authorize_billing(call: Call) -> dict[str, Any]:
    return run_billing_authorization(_context_of_client_key(call), call.body)


def _context_of_client_key(call: Call) -> Context:
    return context_of_client_key(provider_of(call), call.body["clientKey"], call.record)


def _context_of_any_key(call: Call) -> Context:
    provider = provider_of(call)
    owner = provider.find_key_owner(call.body["clientKey"])
    if owner is None or owner.merchant.contract is not ContractName.TOSS:
        raise UnknownKeyError("clientKey must be a client or secret key of a merchant on the Toss contract")
    return provider.context_for(owner, call.record)


DEPOSIT_ERRORS: Final = (
    errors.PaymentNotFoundError,
    deposit_errors.NoDepositAwaitedError,
    deposit_errors.AlreadyDepositedError,
    deposit_errors.AccountClosedError,
    deposit_errors.DepositAmountError,
)
REVERSAL_ERRORS: Final = (
    errors.PaymentNotFoundError,
    deposit_errors.NothingDepositedError,
    deposit_errors.RefundUnderwayError,
    deposit_errors.RefundedError,
)

OPERATIONS = (
    Operation(
        "check-out",
        "POST",
        "/control/checkouts",
        "Do what the payment window does: make a payment key, and let the shopper act",
        _check_out,
        body=CheckoutRequest(),
        answer=Checkout,
        errors=(
            UnknownKeyError,
            errors.OrderAlreadyPaidError,
            errors.AmountNotPositiveError,
            errors.TaxFreeAmountError,
            cash_receipt_errors.CashReceiptInfoError,
        ),
    ),
    Operation(
        "deposit",
        "POST",
        "/control/payments/<payment_key>/deposit",
        "Do what the shopper does at the bank: pay into the virtual account",
        _deposit,
        body=DepositRequest(),
        answer=PaymentSchema,
        errors=(UnknownKeyError, *DEPOSIT_ERRORS),
    ),
    Operation(
        "reverse-deposit",
        "POST",
        "/control/payments/<payment_key>/reverse-deposit",
        "Do what the bank does that reported a deposit in error: take it back",
        _reverse,
        body=ReversalRequest(),
        answer=PaymentSchema,
        errors=(UnknownKeyError, *REVERSAL_ERRORS),
    ),
    Operation(
        "deposit-in-sandbox",
        "POST",
        "/control/sandboxes/<sandbox>/payments/<payment_key>/deposit",
        "Pay into the virtual account of a payment, by its sandbox and without a key",
        _deposit_in_sandbox,
        body=PaidIn(),
        answer=PaymentSchema,
        errors=(SandboxNotFoundError, *DEPOSIT_ERRORS),
    ),
    Operation(
        "reverse-deposit-in-sandbox",
        "POST",
        "/control/sandboxes/<sandbox>/payments/<payment_key>/reverse-deposit",
        "Take a deposit back, by its sandbox and without a key",
        _reverse_in_sandbox,
        answer=PaymentSchema,
        errors=(SandboxNotFoundError, *REVERSAL_ERRORS),
    ),
    Operation(
        "authorize-billing",
        "POST",
        "/control/billing-authorizations",
        "Do what the billing window does: let the customer agree to be charged again and again",
        _authorize_billing,
        body=BillingAuthorizationRequest(),
        answer=BillingAuthorizationSchema,
        errors=(UnknownKeyError, WidgetKeyError),
    ),
)
