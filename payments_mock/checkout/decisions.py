"""What the shopper decides in the window, for a payment or for a billing key, and the session of both."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response

from payments_mock.api.catalogue import failure_message
from payments_mock.api.errors import InvalidFieldsError, UnknownKeyError
from payments_mock.api.wire import CallRecord
from payments_mock.checkout.outcomes import CLOSED_BY_SHOPPER, FAILED, closed, outcome_of, with_query
from payments_mock.checkout.pages import Visit, page_language, show
from payments_mock.checkout.schemas import WindowOptionsSchema, choice_of, proposal_fields, read_selection
from payments_mock.checkout.window_options import (
    WindowOptions,
    banks_in_order,
    make_choice,
    make_offer,
    make_window_options,
)
from payments_mock.domain.billing import BillingMeans, means_of_card
from payments_mock.domain.cards import CardData, check_card_data
from payments_mock.domain.errors import CheckoutOverError
from payments_mock.domain.institutions import find_bank
from payments_mock.domain.payments.confirmation import check_api_key
from payments_mock.domain.payments.instruments import Instruments, Transfer
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.sandboxes import ContractName, KeyKind, Switch
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.services.billing import authorize_in_window
from payments_mock.services.checkout import (
    Window,
    abort_payment,
    authenticate_payment,
    expire_payment,
    open_checkout,
    open_window,
)
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import PaymentOrder
from payments_mock.services.payments.lookup import find_payment


def context_of_client_key(provider: Dispatcher, key: str, call: CallRecord) -> Context:
    """Return the context of a call that a shop's page makes with its client key.

    Raises:
        UnknownKeyError: it is not a client key of a merchant on the Toss contract.
    """
    owner = provider.find_key_owner(key)
    if owner is None or owner.kind is not KeyKind.CLIENT or owner.merchant.contract is not ContractName.TOSS:
        raise UnknownKeyError("clientKey must be the client key of a merchant on the Toss contract")
    return provider.context_for(owner, call)


def decide(
    context: Context,
    payment_key: str,
    window_options: WindowOptions,
    decision: Mapping[str, Any],
    language: str,
) -> dict[str, Any]:
    """Carry out a decision, and return the outcome of the window.

    A window that is over stays as it ended, so that pressing a button twice tells the same twice.

    Raises:
        InvalidFieldsError: something is missing that the decision needs.
        PaymentNotFoundError: the payment is gone.
    """
    payment = find_payment(context, payment_key)
    if outcome_of(payment, language) is None:
        if decision["action"] == "close":
            return closed(payment, language)
        try:
            payment = _act(context, payment, window_options, decision)
        except CheckoutOverError:
            payment = find_payment(context, payment_key)
    outcome = outcome_of(payment, language)
    assert outcome is not None  # noqa: S101
    return outcome


def _act(
    context: Context, payment: Payment, window_options: WindowOptions, decision: Mapping[str, Any]
) -> Payment:
    action = decision["action"]
    if action == "expire":
        return expire_payment(context, payment.payment_key)
    if action == "fail":
        return abort_payment(context, payment.payment_key, decision.get("code", FAILED))
    selection = read_selection(decision["selection"])
    deposit_time = window_options.deposit_time(max(context.now(), payment.requested_at))
    chosen = choice_of(selection, deposit_time, use_card_point=window_options.use_card_point)
    if window_options.fails:
        return abort_payment(context, payment.payment_key, FAILED)
    choice = make_choice(context, payment, chosen, decision.get("decline"))
    return authenticate_payment(context, payment.payment_key, choice)


def begin_billing_session(context: Context, fields: Mapping[str, Any], origin: str | None) -> dict[str, str]:
    """Open a billing window; returns its path.

    Raises:
        WidgetKeyError: the client key is of the payment widget.
    """
    check_api_key(context.key_family)
    kept = {name: fields[name] for name in ("customerKey", "method", "successUrl", "failUrl")}
    window = open_window(context, None, {**kept, "origin": origin})
    return {"windowPath": f"/checkout/billing?token={window.token}"}


def show_billing_window(visit: Visit, context: Context, window: Window) -> Response:
    """Show the window in which a customer registers a card, or an account."""
    language = page_language(visit, WindowOptions())
    return show(
        visit,
        "checkout/billing.html",
        language,
        merchant=context.merchant.code,
        customer_key=window.options["customerKey"],
        cross="rejects" if Switch.CROSS_REJECTS in context.merchant.switches else "redirects",
        method=window.options["method"],
        banks=banks_in_order(),
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


ANONYMOUS = "@@ANONYMOUS"

_WISHES = tuple(WindowOptionsSchema().fields)


def begin_session(
    context: Context, fields: Mapping[str, Any], origin: str | None, language: str
) -> dict[str, Any]:
    """Open a checkout and its window; returns the payment key and the path of the window.

    `fields` are the request as its schema read it, and `origin` is that of the page which sent it. A page
    that skips the window is told at once how it would have ended, in `language`.

    Raises:
        InvalidFieldsError: one of the two URLs is missing, or the due date will not do.
        OrderAlreadyPaidError, AmountNotPositiveError: as `open_checkout`.
    """
    _check_both_urls(fields)
    window_options = {name: fields[name] for name in _WISHES if name in fields}
    make_window_options(window_options).deposit_time(context.now())
    payment = open_checkout(context, _order(fields))
    window = open_window(context, payment.payment_key, {"window_options": window_options, "origin": origin})
    begun = {"paymentKey": payment.payment_key, "windowPath": window_path(window)}
    if fields.get("skipAuth") is None:
        return begun
    return {**begun, "outcome": _skipped(context, payment, window_options, fields["skipAuth"], language)}


def _skipped(
    context: Context, payment: Payment, window_options: Mapping[str, Any], skip: str, language: str
) -> dict[str, Any]:
    """Decide as the shopper would who takes what the window proposes, or whose card is refused."""
    asked = make_window_options(window_options)
    if skip == "FORCE_FAIL":
        decision: dict[str, Any] = {"action": "fail", "code": "REJECT_CARD_COMPANY"}
    else:
        proposed = make_offer(asked, payment.total_amount).selected
        decision = {"action": "authenticate", "selection": proposal_fields(proposed)}
    return decide(context, payment.payment_key, asked, decision, language)


def window_path(window: Window) -> str:
    """Return where a payment's window is on this server, with the token that opens it."""
    return f"/checkout/{quote(window.payment_key or '', safe='')}?token={window.token}"


def _check_both_urls(fields: Mapping[str, Any]) -> None:
    success, fail = fields.get("successUrl"), fields.get("failUrl")
    if success and not fail:
        raise InvalidFieldsError({"failUrl": ["Is missing beside successUrl."]}, "INCORRECT_FAIL_URL_FORMAT")
    if fail and not success:
        wrong = {"successUrl": ["Is missing beside failUrl."]}
        raise InvalidFieldsError(wrong, "INCORRECT_SUCCESS_URL_FORMAT")


def _order(fields: Mapping[str, Any]) -> PaymentOrder:
    customer_key = fields.get("customerKey")
    return PaymentOrder(
        order_id=fields["orderId"],
        order_name=fields["orderName"],
        amount=fields["amount"],
        success_url=fields.get("successUrl"),
        fail_url=fields.get("failUrl"),
        tax_free_amount=fields.get("taxFreeAmount", 0),
        culture_expense=fields.get("cultureExpense", False),
        use_escrow=fields.get("useEscrow", False),
        customer_key=None if customer_key == ANONYMOUS else customer_key,
        metadata=fields.get("metadata"),
    )
