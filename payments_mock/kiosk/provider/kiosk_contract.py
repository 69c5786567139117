"""The provider as the kiosk contract describes it: server to server.

Source of the paths, shapes and codes: the integration guide.
"""

from typing import Any

from marshmallow import Schema, fields

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

REFUSALS = RefusalRule(
    statuses=frozenset({400, 404, 409, 422}),
    # These say nothing against the payment: an earlier request may have succeeded.
    undecided=frozenset(
        {
            "ALREADY_APPROVED",
            "ALREADY_CANCELED_PAYMENT",
            "ALREADY_PROCESSED_PAYMENT",
            "IDEMPOTENT_REQUEST_PROCESSING",
        }
    ),
)


class KioskClient(ProviderClient):
    """Creates, confirms, cancels and looks up payments, whose keys the kiosk makes itself."""

    refusals = REFUSALS

    def create(self, charge: Charge) -> Created | Refused | NotSent | Unknown:
        """Make the payment known to the provider; this charges nobody, and may be repeated."""
        reply = self._call("POST", "/v1/payments", charge_body(charge))
        return read_created(reply, charge) if isinstance(reply, Reply) else reply

    def confirm(self, charge: Charge) -> Approved | Refused | NotSent | Unknown:
        """Charge the shopper; with the same charge it may be repeated and charges once."""
        reply = self._call("POST", "/v1/payments/confirm", charge_body(charge))
        return read_confirmed(reply, charge) if isinstance(reply, Reply) else reply

    def cancel(self, charge: Charge, reason: str, request_id: str) -> Canceled | Refused | NotSent | Unknown:
        """Give all of the money back; a second time is refused with ALREADY_CANCELED."""
        body = {"cancelReason": reason, "cancelAmount": charge.amount}
        reply = self._call("POST", f"/v1/payments/{charge.payment_key}/cancel", body)
        return read_canceled(reply) if isinstance(reply, Reply) else reply

    def find(self, charge: Charge) -> ProviderPayment | Refused | NotSent | Unknown:
        """Ask what became of a payment."""
        reply = self._call("GET", f"/v1/payments/{charge.payment_key}")
        return read_found(reply, charge) if isinstance(reply, Reply) else reply


class _CreatedSchema(ProviderSchema):
    paymentKey = StorableText(required=True)  # noqa: N815 - the provider's spelling
    orderId = StorableText(required=True)  # noqa: N815
    status = StorableText(required=True)


class _KioskPaymentSchema(_CreatedSchema):
    totalAmount = fields.Integer(required=True, strict=True)  # noqa: N815
    method = StorableText(load_default=None, allow_none=True)
    approvedAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    canceledAt = fields.AwareDateTime(load_default=None, allow_none=True)  # noqa: N815
    receipt = fields.Nested(ReceiptLinkSchema, load_default=None, allow_none=True)


class _CanceledSchema(ProviderSchema):
    status = StorableText(required=True)
    canceledAt = fields.AwareDateTime(required=True)  # noqa: N815


def read_created(reply: Reply, charge: Charge) -> Created | Refused | Unknown:
    """Read the answer to a creation."""
    answer = _load_success(_CreatedSchema(), reply)
    if answer is None or answer["paymentKey"] != charge.payment_key:
        return REFUSALS.read(reply)
    return Created()


def read_confirmed(reply: Reply, charge: Charge) -> Approved | Refused | Unknown:
    """Read the answer to a confirm; only APPROVED with a time, for this very charge, is an approval."""
    payment = _read_payment(reply, charge)
    if payment is not None and is_approved(payment):
        return Approved(payment)
    return REFUSALS.read(reply)


def read_found(reply: Reply, charge: Charge) -> ProviderPayment | Refused | Unknown:
    """Read the answer to a look-up."""
    payment = _read_payment(reply, charge)
    return payment if payment is not None else REFUSALS.read(reply)


def read_canceled(reply: Reply) -> Canceled | Refused | Unknown:
    """Read the answer to a cancel."""
    answer = _load_success(_CanceledSchema(), reply)
    if answer is None or answer["status"] != "CANCELED":
        return REFUSALS.read(reply)
    return Canceled(answer["canceledAt"])


def _read_payment(reply: Reply, charge: Charge) -> ProviderPayment | None:
    answer = _load_success(_KioskPaymentSchema(), reply)
    asked = (charge.payment_key, charge.order_id, charge.amount)
    if answer is None or (answer["paymentKey"], answer["orderId"], answer["totalAmount"]) != asked:
        return None
    return ProviderPayment(
        status=answer["status"],
        method=answer["method"],
        approved_at=answer["approvedAt"],
        receipt_url=answer["receipt"] and answer["receipt"]["url"],
        canceled_at=answer["canceledAt"],
    )


def _load_success(schema: Schema, reply: Reply) -> dict[str, Any] | None:
    return load_answer(schema, reply) if reply.status == 200 else None
