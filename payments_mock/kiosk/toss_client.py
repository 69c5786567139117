"""The provider as the toss contract describes it: the shopper authenticates first, in its window."""

from urllib.parse import quote

from payments_mock.kiosk.provider_answers import (
    Approved,
    Canceled,
    Charge,
    Created,
    NotSent,
    ProviderPayment,
    Refused,
    Reply,
    Unknown,
)
from payments_mock.kiosk.provider_client import ProviderClient, charge_body
from payments_mock.kiosk.toss_answers import read_canceled, read_confirmed, read_found


class TossClient(ProviderClient):
    """Confirms, cancels and looks up payments that the provider's window made.

    A payment is confirmed under one idempotency key, made of its order and its own key: by the payment's key
    alone, a refusal for the wrong order would be given again for the right one. A cancel is sent under the
    key of the request.
    """

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
