"""What may still end a sale: a bank that takes a deposit back, or somebody who cancels at the provider."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

from payments_mock.kiosk.claims import Claim, Claims
from payments_mock.kiosk.lifecycle import Event
from payments_mock.kiosk.outcomes import charge_of
from payments_mock.kiosk.provider_answers import ProviderPayment
from payments_mock.kiosk.provider_client import ProviderClient
from payments_mock.kiosk.refund_reason import CANCELED_ELSEWHERE
from payments_mock.kiosk.refunds import RefundDesk
from payments_mock.kiosk.toss_answers import WAITING

log = logging.getLogger(__name__)

CANCELED = "CANCELED"

UNPAID: Mapping[str, object] = MappingProxyType({"approved_at": None, "receipt_url": None})
"""What is known of a payment whose deposit was taken back."""


class SaleDesk:
    """Looks after orders that are paid."""

    def __init__(self, claims: Claims, provider: ProviderClient, refunds: RefundDesk) -> None:
        self._claims = claims
        self._provider = provider
        self._refunds = refunds

    def look_again(self, claim: Claim) -> bool:
        """Let a PAID order follow its payment where that is paid no more; this charges and cancels nothing.

        False when the provider could not tell, or somebody refunds the order at the same moment.
        """
        found = self._provider.find(charge_of(claim.order))
        status = found.status if isinstance(found, ProviderPayment) else None
        if status == WAITING:
            log.warning("order %s: the bank took the deposit back", claim.order.id)
            return self._claims.settle(claim, Event.REVERSED, UNPAID)
        if status == CANCELED:
            refund = self._claims.begin(claim.order.id, Event.REFUND, CANCELED_ELSEWHERE)
            return refund is not None and self._refunds.look_again(refund)
        self._claims.give_up(claim)
        return status is not None
