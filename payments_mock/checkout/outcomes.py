"""How a window ended: what its page tells the merchant's page, and where the browser goes."""

from typing import Any

from payments_mock.checkout.redirects import CLOSED_BY_SHOPPER, FAILED, fail_url, success_url
from payments_mock.contracts.toss.catalogue import EXPIRED_PAYMENT, failure_message
from payments_mock.domain.payment import Payment
from payments_mock.domain.states import State


def outcome_of(payment: Payment, language: str) -> dict[str, Any] | None:
    """Return the outcome that the state of `payment` stands for; None while it waits for its shopper."""
    if payment.state is State.INITIATED:
        return None
    if payment.state is State.EXPIRED:
        return _failed("EXPIRED", payment, FAILED, failure_message(EXPIRED_PAYMENT, language))
    if payment.state is State.ABORTED:
        code = payment.failure_code or FAILED
        return _failed("FAILED", payment, code, failure_message(code, language))
    return {
        "kind": "AUTHENTICATED",
        "payment": {
            "paymentType": payment.kind.value,
            "paymentKey": payment.payment_key,
            "orderId": payment.order_id,
            "amount": payment.total_amount,
        },
        "redirectUrl": payment.success_url and success_url(payment, payment.success_url),
    }


def closed(payment: Payment, language: str) -> dict[str, Any]:
    """Return the outcome of a window that the shopper closed; the payment stays as it is."""
    message = failure_message(CLOSED_BY_SHOPPER, language)
    return _failed("CLOSED", payment, CLOSED_BY_SHOPPER, message)


def _failed(kind: str, payment: Payment, code: str, message: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "message": message,
        "orderId": payment.order_id,
        "redirectUrl": payment.fail_url and fail_url(payment, payment.fail_url, code, message),
    }
