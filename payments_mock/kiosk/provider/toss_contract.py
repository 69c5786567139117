"""The provider as the toss contract describes it: the shopper authenticates first, in its window.

Source of the shapes: the approval guide; of the codes: the provider's public reference.
"""

from typing import Any
from urllib.parse import quote

from marshmallow import fields

from payments_mock.kiosk.provider.answers import (
    Approved,
    Canceled,
    Charge,
    Created,
    NotSent,
    ProviderPayment,
    ProviderSchema,
    ReceiptLinkSchema,
    RefusalRule,
    Refused,
    Reply,
    StorableText,
    Unknown,
    is_approved,
    load_answer,
)
from payments_mock.kiosk.provider.client import ProviderClient, charge_body

WAITING = "WAITING_FOR_DEPOSIT"
"""What the provider calls a payment by virtual account that nobody has paid into, or no longer."""

CHARGED_STATUSES = frozenset({"DONE", "PARTIAL_CANCELED"})

REFUSALS = RefusalRule(
    statuses=frozenset({400, 403, 404, 422}),
    # The request failed for reasons of its own, which say nothing against the payment.
    undecided=frozenset(
        {
            "CARD_PROCESSING_ERROR",
            "FORBIDDEN_CONSECUTIVE_REQUEST",
            "INCORRECT_BASIC_AUTH_FORMAT",
            "INVALID_API_KEY",
            "INVALID_IDEMPOTENCY_KEY",
            "PROVIDER_ERROR",
        }
    ),
    # Only a look-up tells with what outcome.
    done_before=frozenset({"ALREADY_PROCESSED_PAYMENT", "ALREADY_CANCELED_PAYMENT"}),
)


class TossClient(ProviderClient):
    """Confirms, cancels and looks up payments that the provider's window made.

    A payment is confirmed under one idempotency key, made of its order and its own key: by the payment's key
    alone, a refusal for the wrong order would be given again for the right one. A cancel is sent under the
    key of the request.
    """

    refusals = REFUSALS
    needs_window = True

    def create(self, charge: Charge) -> Created | Refused | NotSent | Unknown:
        """Do nothing: the window has made the payment."""
        return Created()

    def confirm(self, charge: Charge) -> Approved | Refused | NotSent | Unknown:
        """Charge the shopper; a second time is refused with ALREADY_PROCESSED_PAYMENT."""
        key = f"{charge.order_id}:{charge.payment_key}"
        reply = self._call("POST", "/v1/payments/confirm", charge_body(charge), key)
        return read_confirmed(reply, charge) if isinstance(reply, Reply) else reply

    def cancel(self, charge: Charge, reason: str, request_id: str) -> Canceled | Refused | NotSent | Unknown:
        """Give all of the money back; a second time is refused with ALREADY_CANCELED_PAYMENT."""
        path = f"/v1/payments/{quote(charge.payment_key, safe='')}/cancel"
        reply = self._call("POST", path, {"cancelReason": reason}, request_id)
        return read_canceled(reply, charge) if isinstance(reply, Reply) else reply

    def find(self, charge: Charge) -> ProviderPayment | Refused | NotSent | Unknown:
        """Ask what became of a payment."""
        reply = self._call("GET", f"/v1/payments/{quote(charge.payment_key, safe='')}")
        return read_found(reply, charge) if isinstance(reply, Reply) else reply


class _CancelSchema(ProviderSchema):
    canceledAt = fields.AwareDateTime(required=True)  # noqa: N815 - the provider's spelling


class _VirtualAccountSchema(ProviderSchema):
    expired = fields.Boolean(load_default=False)


class _TossPaymentSchema(ProviderSchema):
    paymentKey = StorableText(required=True)  # noqa: N815
    orderId = StorableText(required=True)  # noqa: N815
    status = StorableText(required=True)
    totalAmount = fields.Integer(required=True, strict=True)  # noqa: N815
    method = StorableText(load_default=None, allow_none=True)
    approvedAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    receipt = fields.Nested(ReceiptLinkSchema, load_default=None, allow_none=True)
    virtualAccount = fields.Nested(_VirtualAccountSchema, load_default=None, allow_none=True)  # noqa: N815
    cancels = fields.List(fields.Nested(_CancelSchema), load_default=None, allow_none=True)


def read_confirmed(reply: Reply, charge: Charge) -> Approved | Refused | Unknown:
    """Read the answer to a confirm; only DONE with a time, for this very charge, is an approval.

    A virtual account answers WAITING_FOR_DEPOSIT: nothing is paid yet, and the outcome is unknown.
    """
    payment = _read_payment(reply, charge)
    if payment is None:
        return REFUSALS.read(reply)
    if is_approved(payment):
        return Approved(payment)
    return Unknown(f"the provider has the payment as {payment.status}")


def read_found(reply: Reply, charge: Charge) -> ProviderPayment | Refused | Unknown:
    """Read the answer to a look-up."""
    payment = _read_payment(reply, charge)
    return payment if payment is not None else REFUSALS.read(reply)


def read_canceled(reply: Reply, charge: Charge) -> Canceled | Refused | Unknown:
    """Read the answer to a cancel."""
    payment = _read_payment(reply, charge)
    if payment is None or payment.status != "CANCELED" or payment.canceled_at is None:
        return REFUSALS.read(reply)
    return Canceled(payment.canceled_at)


def _read_payment(reply: Reply, charge: Charge) -> ProviderPayment | None:
    answer = load_answer(_TossPaymentSchema(), reply) if reply.status == 200 else None
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
