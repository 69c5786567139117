"""Refund an order: cancel at the provider; the goods return to stock only after it has canceled.

The provider cancels a payment in full or not at all, so a cancel whose answer was lost may be sent
again: the second one is refused, and a look-up tells that the first one worked.
"""

import logging

from payments_mock.kiosk.claims import Claim, Claims
from payments_mock.kiosk.errors import OrderNotRefundableError
from payments_mock.kiosk.lifecycle import Event, OrderStatus
from payments_mock.kiosk.orders import OrderBook
from payments_mock.kiosk.outcomes import Failure, Outcome, charge_of, provider_unavailable, refund_refused
from payments_mock.kiosk.provider_answers import (
    Canceled,
    NotSent,
    ProviderPayment,
    Refused,
    Unknown,
    describe,
)
from payments_mock.kiosk.provider_client import ProviderClient
from payments_mock.kiosk.refund_reason import DEFAULT_REASON

log = logging.getLogger(__name__)


class RefundDesk:
    """Gives money back for orders."""

    def __init__(self, book: OrderBook, claims: Claims, provider: ProviderClient) -> None:
        self._book = book
        self._claims = claims
        self._provider = provider

    def refund(self, order_id: str, reason: str) -> Outcome:
        """Give all of the order's money back, once, however often this is called.

        The order is REFUNDED afterwards, or PAID with a failure, or REFUND_PENDING: then the outcome is
        not known yet, or another press is at work.

        Raises ``OrderNotFoundError``, and ``OrderNotRefundableError`` for an order that is not paid.
        """
        order = self._book.find(order_id)
        if order.status in {OrderStatus.OPEN, OrderStatus.PENDING}:
            raise OrderNotRefundableError(
                f"Order {order_id} is {order.status}; only a paid order can be refunded."
            )
        claim = self._claims.begin(order_id, Event.REFUND, reason)
        if claim is not None:
            return self._cancel(claim, first=True)
        claim = self._claims.take_over(order_id, OrderStatus.REFUND_PENDING)
        if claim is None:
            return Outcome(self._book.find(order_id))
        return self._resume(claim)

    def look_again(self, claim: Claim) -> bool:
        """Settle a REFUND_PENDING order by asking what became of its payment; this never cancels.

        False when the provider could not tell.
        """
        found = self._provider.find(charge_of(claim.order))
        if self._settled_by(found, claim):
            return True
        self._leave(claim, found)
        return isinstance(found, ProviderPayment)

    def _resume(self, claim: Claim) -> Outcome:
        found = self._provider.find(charge_of(claim.order))
        if self._settled_by(found, claim):
            return self._now(claim)
        if isinstance(found, ProviderPayment | Refused) and self._claims.prolong(claim):
            return self._cancel(claim, first=False)
        self._leave(claim, found)
        return self._now(claim)

    def _cancel(self, claim: Claim, *, first: bool) -> Outcome:
        answer = self._provider.cancel(
            charge_of(claim.order), claim.order.refund_reason or DEFAULT_REASON, claim.token
        )
        if isinstance(answer, Canceled):
            self._claims.settle(claim, Event.CANCELED, {"canceled_at": answer.canceled_at})
            return self._now(claim)
        if isinstance(answer, Refused):
            return self._refused(claim, answer)
        if isinstance(answer, Unknown) and answer.is_done_before and self._claims.prolong(claim):
            self.look_again(claim)
            return self._now(claim)
        if isinstance(answer, NotSent) and first:
            return self._not_refunded(claim, provider_unavailable(answer, "nothing was refunded"))
        self._leave(claim, answer)
        return self._now(claim)

    def _refused(self, claim: Claim, refused: Refused) -> Outcome:
        if refused.code != "ALREADY_CANCELED":
            return self._not_refunded(claim, refund_refused(refused))
        if self._claims.prolong(claim):
            self.look_again(claim)
        return self._now(claim)

    def _not_refunded(self, claim: Claim, failure: Failure) -> Outcome:
        log.warning("order %s: not refunded: %s", claim.order.id, failure.reason)
        self._claims.settle(claim, Event.NOT_REFUNDED, {})
        return self._now(claim, failure)

    def _settled_by(self, found: ProviderPayment | Refused | NotSent | Unknown, claim: Claim) -> bool:
        if not isinstance(found, ProviderPayment) or found.status != "CANCELED":
            return False
        return self._claims.settle(claim, Event.CANCELED, {"canceled_at": found.canceled_at})

    def _leave(self, claim: Claim, answer: ProviderPayment | Refused | NotSent | Unknown) -> None:
        log.warning("order %s: the outcome of the refund is unknown: %s", claim.order.id, describe(answer))
        self._claims.give_up(claim)

    def _now(self, claim: Claim, failure: Failure | None = None) -> Outcome:
        return Outcome(self._book.find(claim.order.id), failure)
