"""The routes of the control API."""

from flask import Blueprint, Response, g, request

from payments_mock.control.billing_authorizations import (
    BillingAuthorizationRequest,
    run_billing_authorization,
)
from payments_mock.control.checkouts import run_checkout
from payments_mock.control.deposits import DepositRequest, ReversalRequest, run_deposit, run_reversal
from payments_mock.control.errors import present_error
from payments_mock.control.schemas import CheckoutRequest
from payments_mock.domain.errors import PaymentError
from payments_mock.domain.merchant import ContractName, KeyKind
from payments_mock.http.answers import json_answer
from payments_mock.http.authentication import find_key_owner
from payments_mock.http.body import load_body
from payments_mock.http.errors import CallError, UnknownKeyError
from payments_mock.http.gateway import context_for
from payments_mock.services.context import Context

control_api = Blueprint("control", __name__, url_prefix="/control")

control_api.register_error_handler(CallError, present_error)
control_api.register_error_handler(PaymentError, present_error)


@control_api.post("/checkouts")
def checkouts() -> Response:
    """Do what the payment window does: make a payment key, and let the shopper act."""
    fields = load_body(request, CheckoutRequest())
    return json_answer(run_checkout(_context_of_client_key(fields["clientKey"]), fields))


@control_api.post("/payments/<payment_key>/deposit")
def deposits(payment_key: str) -> Response:
    """Do what the shopper does at the bank: pay into the virtual account."""
    fields = load_body(request, DepositRequest())
    return json_answer(run_deposit(_context_of_any_key(fields["clientKey"]), payment_key, fields))


@control_api.post("/payments/<payment_key>/reverse-deposit")
def reversals(payment_key: str) -> Response:
    """Do what the bank does that reported a deposit in error: take it back."""
    fields = load_body(request, ReversalRequest())
    return json_answer(run_reversal(_context_of_any_key(fields["clientKey"]), payment_key))


@control_api.post("/billing-authorizations")
def billing_authorizations() -> Response:
    """Do what the billing window does: let the customer agree to be charged again and again."""
    fields = load_body(request, BillingAuthorizationRequest())
    return json_answer(run_billing_authorization(_context_of_client_key(fields["clientKey"]), fields))


def _context_of_client_key(key: str) -> Context:
    owner = find_key_owner(key)
    if owner is None or owner.kind is not KeyKind.CLIENT or owner.merchant.contract is not ContractName.TOSS:
        raise UnknownKeyError("clientKey must be the client key of a merchant on the Toss contract")
    g.merchant = owner.merchant.code
    return context_for(owner)


def _context_of_any_key(key: str) -> Context:
    owner = find_key_owner(key)
    if owner is None or owner.merchant.contract is not ContractName.TOSS:
        raise UnknownKeyError("clientKey must be a client or secret key of a merchant on the Toss contract")
    g.merchant = owner.merchant.code
    return context_for(owner)
