"""The shopper: pays, fails, closes or waits in the window, deposits at the bank, agrees to be billed."""

from typing import Any

from payments_mock.contracts.toss.schemas.payment import Payment as PaymentSchema
from payments_mock.control.billing_authorizations import (
    BillingAuthorization,
    BillingAuthorizationRequest,
    run_billing_authorization,
)
from payments_mock.control.checkouts import run_checkout
from payments_mock.control.deposits import DepositRequest, ReversalRequest, run_deposit, run_reversal
from payments_mock.control.operation import Call, Operation
from payments_mock.control.schemas import Checkout, CheckoutRequest
from payments_mock.domain import cash_receipt_errors, deposit_errors, errors
from payments_mock.domain.key_families import WidgetKeyError
from payments_mock.domain.merchant import ContractName, KeyKind
from payments_mock.http.authentication import find_key_owner
from payments_mock.http.call_record import current_call
from payments_mock.http.errors import UnknownKeyError
from payments_mock.http.gateway import context_for
from payments_mock.services.context import Context


def _check_out(call: Call) -> dict[str, Any]:
    return run_checkout(_context_of_client_key(call.body["clientKey"]), call.body)


def _deposit(call: Call) -> dict[str, Any]:
    return run_deposit(_context_of_any_key(call.body["clientKey"]), call.path["payment_key"], call.body)


def _reverse(call: Call) -> dict[str, Any]:
    return run_reversal(_context_of_any_key(call.body["clientKey"]), call.path["payment_key"])


def _authorize_billing(call: Call) -> dict[str, Any]:
    return run_billing_authorization(_context_of_client_key(call.body["clientKey"]), call.body)


def _context_of_client_key(key: str) -> Context:
    owner = find_key_owner(key)
    if owner is None or owner.kind is not KeyKind.CLIENT or owner.merchant.contract is not ContractName.TOSS:
        raise UnknownKeyError("clientKey must be the client key of a merchant on the Toss contract")
    current_call().merchant = owner.merchant.code
    return context_for(owner)


def _context_of_any_key(key: str) -> Context:
    owner = find_key_owner(key)
    if owner is None or owner.merchant.contract is not ContractName.TOSS:
        raise UnknownKeyError("clientKey must be a client or secret key of a merchant on the Toss contract")
    current_call().merchant = owner.merchant.code
    return context_for(owner)


OPERATIONS = (
    Operation(
        "check-out",
        "POST",
        "/control/checkouts",
        "Do what the payment window does: make a payment key, and let the shopper act",
        _check_out,
        body=CheckoutRequest(),
        answer=Checkout(),
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
        answer=PaymentSchema(),
        errors=(
            UnknownKeyError,
            errors.PaymentNotFoundError,
            deposit_errors.NoDepositAwaitedError,
            deposit_errors.AlreadyDepositedError,
            deposit_errors.AccountClosedError,
            deposit_errors.DepositAmountError,
        ),
    ),
    Operation(
        "reverse-deposit",
        "POST",
        "/control/payments/<payment_key>/reverse-deposit",
        "Do what the bank does that reported a deposit in error: take it back",
        _reverse,
        body=ReversalRequest(),
        answer=PaymentSchema(),
        errors=(
            UnknownKeyError,
            errors.PaymentNotFoundError,
            deposit_errors.NothingDepositedError,
            deposit_errors.RefundUnderwayError,
            deposit_errors.RefundedError,
        ),
    ),
    Operation(
        "authorize-billing",
        "POST",
        "/control/billing-authorizations",
        "Do what the billing window does: let the customer agree to be charged again and again",
        _authorize_billing,
        body=BillingAuthorizationRequest(),
        answer=BillingAuthorization(),
        errors=(UnknownKeyError, WidgetKeyError),
    ),
)
