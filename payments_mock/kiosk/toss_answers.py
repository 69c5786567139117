"""What the answers of the toss contract mean; the same rule holds: what is not certain is unknown.

Source of the shapes: the approval guide; of the codes: the provider's public reference.
"""

from typing import Any

from marshmallow import fields

from payments_mock.kiosk.provider_answers import (
    LONGEST_CODE,
    LONGEST_MESSAGE,
    Answer,
    Approved,
    Canceled,
    Charge,
    ErrorSchema,
    ProviderPayment,
    ReceiptSchema,
    Refused,
    Reply,
    StorableText,
    Unknown,
    is_approved,
    load_answer,
)
from payments_mock.kiosk.text import storable

WAITING = "WAITING_FOR_DEPOSIT"
"""What the provider calls a payment by virtual account that nobody has paid into, or no longer."""

CHARGED_STATUSES = frozenset({"DONE", "PARTIAL_CANCELED"})
REFUSING_STATUSES = frozenset({400, 403, 404, 422})
DONE_BEFORE_CODES = frozenset({"ALREADY_PROCESSED_PAYMENT", "ALREADY_CANCELED_PAYMENT"})
"""An earlier request was carried out; only a look-up tells with what outcome."""
NO_VERDICT_CODES = frozenset(
    {
        "CARD_PROCESSING_ERROR",
        "FORBIDDEN_CONSECUTIVE_REQUEST",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_API_KEY",
        "INVALID_IDEMPOTENCY_KEY",
        "PROVIDER_ERROR",
    }
)
"""The request failed for reasons of its own: this says nothing against the payment."""


class _CancelSchema(Answer):
    canceledAt = fields.AwareDateTime(required=True)  # noqa: N815 - the provider's spelling


class _VirtualAccountSchema(Answer):
    expired = fields.Boolean(load_default=False)


class _PaymentSchema(Answer):
    paymentKey = StorableText(required=True)  # noqa: N815
    orderId = StorableText(required=True)  # noqa: N815
    status = StorableText(required=True)
    totalAmount = fields.Integer(required=True, strict=True)  # noqa: N815
    method = StorableText(load_default=None, allow_none=True)
    approvedAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    receipt = fields.Nested(ReceiptSchema, load_default=None, allow_none=True)
    virtualAccount = fields.Nested(_VirtualAccountSchema, load_default=None, allow_none=True)  # noqa: N815
    cancels = fields.List(fields.Nested(_CancelSchema), load_default=None, allow_none=True)


def read_confirmed(reply: Reply, charge: Charge) -> Approved | Refused | Unknown:
    """Read the answer to a confirm; only DONE with a time, for this very charge, is an approval.

    A virtual account answers WAITING_FOR_DEPOSIT: nothing is paid yet, and the outcome is unknown.
    """
    payment = _read_payment(reply, charge)
    if payment is None:
        return _read_refusal(reply)
    if is_approved(payment):
        return Approved(payment)
    return Unknown(f"the provider has the payment as {payment.status}")


def read_found(reply: Reply, charge: Charge) -> ProviderPayment | Refused | Unknown:
    """Read the answer to a look-up."""
    payment = _read_payment(reply, charge)
    return payment if payment is not None else _read_refusal(reply)


def read_canceled(reply: Reply, charge: Charge) -> Canceled | Refused | Unknown:
    """Read the answer to a cancel."""
    payment = _read_payment(reply, charge)
    if payment is None or payment.status != "CANCELED" or payment.canceled_at is None:
        return _read_refusal(reply)
    return Canceled(payment.canceled_at)


def _read_payment(reply: Reply, charge: Charge) -> ProviderPayment | None:
    answer = load_answer(_PaymentSchema(), reply) if reply.status == 200 else None
    asked = (charge.payment_key, charge.order_id, charge.amount)
    if answer is None or (answer["paymentKey"], answer["orderId"], answer["totalAmount"]) != asked:
        return None
    return ProviderPayment(
        status=_status(answer),
        method=answer["method"],
        approved_at=answer["approvedAt"],
        receipt_url=answer["receipt"] and answer["receipt"]["url"],
        canceled_at=_last_cancel(answer),
    )


def _status(answer: dict[str, Any]) -> str:
    if answer["status"] in CHARGED_STATUSES:
        return "APPROVED"
    account = answer["virtualAccount"]
    # The bank takes no deposit into an account that expired: such a payment charges nobody any more.
    is_over = answer["status"] == WAITING and account is not None and account["expired"]
    return "EXPIRED" if is_over else str(answer["status"])


def _last_cancel(answer: dict[str, Any]) -> Any:
    return answer["cancels"][-1]["canceledAt"] if answer["cancels"] else None


def _read_refusal(reply: Reply) -> Refused | Unknown:
    answer = None if reply.status == 200 else load_answer(ErrorSchema(), reply)
    if answer is None:
        return Unknown(f"the provider's answer, of status {reply.status}, does not say what happened")
    code = storable(answer["code"], LONGEST_CODE)
    is_done_before = code in DONE_BEFORE_CODES
    if reply.status not in REFUSING_STATUSES or is_done_before or code in NO_VERDICT_CODES:
        return Unknown(f"the provider answered {reply.status} {code}", is_done_before)
    return Refused(code, storable(answer["message"], LONGEST_MESSAGE))
