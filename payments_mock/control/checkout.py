"""A shopper without a browser: does in one call what the payment window does."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from payments_mock.api.catalogue import STATUS_OF_STATE, failure_message
from payments_mock.api.payment_schema import read_cash_receipt
from payments_mock.checkout.outcomes import CLOSED_BY_SHOPPER, fail_url, success_url
from payments_mock.checkout.window_options import make_choice
from payments_mock.domain.payments.confirmation import check_open
from payments_mock.domain.payments.methods import InstrumentChoice
from payments_mock.domain.payments.payment import Payment
from payments_mock.services.checkout import abort_payment, authenticate_payment, open_checkout
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import PaymentOrder
from payments_mock.services.payments.lookup import find_payment

DEFAULT_SUCCESS_URL = "http://localhost:8080/success"
DEFAULT_FAIL_URL = "http://localhost:8080/fail"


def run_checkout(context: Context, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Open a checkout and let the shopper act as `fields` say; returns the payment and the redirect.

    Raises:
        OrderAlreadyPaidError, AmountNotPositiveError: as `open_checkout`.
    """
    return _act(context, open_checkout(context, _order(fields)), fields)


def act_in_window(context: Context, payment_key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Let the shopper act as `fields` say in a window that waits for them.

    Raises:
        PaymentNotFoundError: the sandbox has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """
    payment = find_payment(context, payment_key)
    check_open(payment)
    return _act(context, payment, fields)


def _act(context: Context, payment: Payment, fields: Mapping[str, Any]) -> dict[str, Any]:
    outcome = fields.get("outcome", {})
    result = outcome.get("result", "authenticate")
    if result == "authenticate":
        chosen = InstrumentChoice(method=fields["method"], **_chosen(context, fields))
        choice = make_choice(context, payment, chosen, outcome.get("decline"))
        return _present(authenticate_payment(context, payment.payment_key, choice), _success_url(payment))
    if result == "fail":
        failed = abort_payment(context, payment.payment_key, outcome["code"])
        return _present(failed, _fail_url(context, payment, outcome["code"]))
    if result == "close":
        return _present(payment, _fail_url(context, payment, CLOSED_BY_SHOPPER))
    return _present(payment, None)


def close_checkout(context: Context, payment_key: str) -> dict[str, Any]:
    """Let the shopper close a window that waits for them; the payment stays as it is.

    Raises:
        PaymentNotFoundError: the sandbox has no such payment.
        CheckoutOverError: the shopper has acted before, or the time ran out.
    """
    payment = find_payment(context, payment_key)
    check_open(payment)
    return _present(payment, _fail_url(context, payment, CLOSED_BY_SHOPPER))


def _order(fields: Mapping[str, Any]) -> PaymentOrder:
    return PaymentOrder(
        order_id=fields["orderId"],
        order_name=fields["orderName"],
        amount=fields["amount"],
        success_url=fields.get("successUrl", DEFAULT_SUCCESS_URL),
        fail_url=fields.get("failUrl", DEFAULT_FAIL_URL),
        tax_free_amount=fields.get("taxFreeAmount", 0),
        culture_expense=fields.get("cultureExpense", False),
        use_escrow=fields.get("useEscrow", False),
        customer_key=fields.get("customerKey"),
        metadata=fields.get("metadata"),
    )


def _chosen(context: Context, fields: Mapping[str, Any]) -> dict[str, Any]:
    card = fields.get("card", {})
    account = fields.get("virtualAccount", {})
    hours = account.get("validHours")
    said = {
        "issuer": card.get("issuer"),
        "card_number": card.get("number"),
        "installment_months": card.get("installmentPlanMonths"),
        "card_type": card.get("type"),
        "use_card_point": card.get("useCardPoint"),
        "easy_pay": fields.get("easyPay"),
        "easy_pay_money": fields.get("easyPayWith") == "MONEY",
        "bank": account.get("bank") or fields.get("transfer", {}).get("bank"),
        "customer_name": account.get("customerName"),
        "deposit_time": None if hours is None else timedelta(hours=hours),
        "mobile_phone": fields.get("customerMobilePhone"),
        "cash_receipt": read_cash_receipt(context, fields.get("cashReceipt")),
    }
    return {name: value for name, value in said.items() if value is not None}


def _present(payment: Payment, redirect_url: str | None) -> dict[str, Any]:
    return {
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "amount": payment.total_amount,
        "status": STATUS_OF_STATE[payment.state],
        "redirectUrl": redirect_url,
    }


def _success_url(payment: Payment) -> str:
    return success_url(payment, payment.success_url or DEFAULT_SUCCESS_URL)


def _fail_url(context: Context, payment: Payment, code: str) -> str:
    message = failure_message(code, context.reader.language)
    return fail_url(payment, payment.fail_url or DEFAULT_FAIL_URL, code, message)
