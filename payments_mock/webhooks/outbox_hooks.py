"""The webhooks that one call caused: written in its words, and sent before or after its answer."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from threading import Timer
from typing import Final

from flask import Flask, Response

from payments_mock.api.wire import LONGEST_HOLD_SECONDS, current_call
from payments_mock.clock import Clock
from payments_mock.domain.webhooks import DeliveryOrder, WebhookEvent
from payments_mock.services.context import CallWebhooks, Claim, Context
from payments_mock.storage.engine.database import database_of
from payments_mock.webhooks import EXTENSION
from payments_mock.webhooks.dispatcher import CountAttempt, WebhookDispatcher
from payments_mock.webhooks.pool import Deadlines
from payments_mock.webhooks.sender import check_target

TIME_TO_LEAVE_SECONDS: Final = 0.05
"""How long an answer is assumed to need on a server that can't tell when it has left."""
WriteBody = Callable[[Context, WebhookEvent], str]
"""Returns the body that tells a merchant of an event."""


class OutboxHooks:
    """Keeps the webhooks of each call of `app`, and sends them before or after the answer."""

    def __init__(self, app: Flask, dispatcher: WebhookDispatcher, write: WriteBody) -> None:
        """Attach to `app`; `write` is the contract's way to tell of an event."""
        self._write = write
        self.dispatcher = dispatcher
        self.deadlines = Deadlines(app, dispatcher.clock, self.send)
        app.extensions[EXTENSION] = self
        app.after_request(self._arrange)

    def check_target(self, url: str) -> None:
        """Refuse a URL that the settings don't allow webhooks to.

        Raises:
            TargetError: it is not http or https, has no host, or its host is not allowed.
        """
        check_target(url, self.dispatcher.allowed)

    def write(self, context: Context, event: WebhookEvent) -> str:
        """Return the body that tells the merchant of an event."""
        return self._write(context, event)

    def claim(self, context: Context, order: DeliveryOrder) -> Claim:
        """Return the claim of the deliveries that go out before, or after, the answer to the call."""
        claims = context.webhooks.claims
        if order not in claims:
            claims[order] = self.dispatcher.new_claim()
        return claims[order]

    def send(self, webhooks: CallWebhooks) -> None:
        """Send what was written outside of any call, once it is committed."""
        for claim in webhooks.claims.values():
            self.dispatcher.deliver(claim.holder)
        if webhooks.expects_more:
            self.dispatcher.look_now()

    def _arrange(self, response: Response) -> Response:
        """Send the call's webhooks, now that everything is committed."""
        call = current_call()
        claims, merchants = call.webhooks.claims, call.webhooks.due_of
        if call.webhooks.expects_more:
            self.dispatcher.look_now()
        if not claims and not merchants:
            return response
        first = [claim for order, claim in claims.items() if merchants or order is DeliveryOrder.BEFORE]
        before = [self.dispatcher.deliver(claim.holder, is_held=True) for claim in first]
        before += [self.dispatcher.deliver_due(merchant_id) for merchant_id in merchants]
        later = [claim for claim in claims.values() if claim not in first]
        after = self._deliver_all(later) if later else None
        if call.wire is not None:
            call.wire.before, call.wire.after = before, after
        else:
            _hold_here(before, after)
        return response

    def _deliver_all(self, claims: list[Claim]) -> Callable[[], None]:
        def deliver() -> None:
            for claim in claims:
                self.dispatcher.deliver(claim.holder)

        return deliver


def attach_webhooks(
    app: Flask, clock: Clock, allowed: str, write: WriteBody, count_attempt: CountAttempt | None = None
) -> OutboxHooks:
    """Attach webhooks to `app`: to the targets that are `allowed`, with the bodies that `write` returns."""
    return OutboxHooks(app, WebhookDispatcher(database_of(app), clock, allowed, count_attempt), write)


def _hold_here(before: Sequence[Future[None]], after: Callable[[], None] | None) -> None:
    """Hold the answer and send what follows it, as the server can't."""
    wait(before, LONGEST_HOLD_SECONDS)
    if after is not None:
        behind = Timer(TIME_TO_LEAVE_SECONDS, after)
        behind.daemon = True
        behind.start()
