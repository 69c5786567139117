"""The webhooks that one call caused: written by its contract, and sent before or after its answer."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from threading import Timer
from typing import Final

from flask import Flask, Response

from payments_mock.api.catalogue import KOREAN
from payments_mock.api.links import ServerAddress
from payments_mock.api.wire import LONGEST_HOLD_SECONDS, current_call
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import Reader
from payments_mock.domain.webhooks import DeliveryOrder, WebhookEvent
from payments_mock.ids import Ids
from payments_mock.services.context import CallWebhooks, Claim, Context
from payments_mock.webhooks import EXTENSION
from payments_mock.webhooks.dispatcher import WebhookDispatcher
from payments_mock.webhooks.pool import Deadlines
from payments_mock.webhooks.sender import check_target

TIME_TO_LEAVE_SECONDS: Final = 0.05
"""How long an answer is assumed to need on a server that can't tell when it has left."""
WriteBody = Callable[[Context, WebhookEvent], str]
"""Returns the body that tells a merchant of an event."""


class OutboxHooks:
    """Keeps the webhooks of each call, and sends them before or after the answer.

    `write` is the contract's way to tell of an event. `urls` say where the settings have merchants listen, by
    their ids. Outside of calls, `ids` makes keys, and links begin with `address`.
    """

    def __init__(
        self,
        dispatcher: WebhookDispatcher,
        write: WriteBody,
        urls: Mapping[str, str | None],
        ids: Ids,
        address: ServerAddress,
    ) -> None:
        self._write = write
        self._urls = urls
        self._ids = ids
        self.address = address
        self.dispatcher = dispatcher
        self.deadlines = Deadlines(dispatcher.database, dispatcher.clock, self.send, self._context_outside)

    def attach(self, app: Flask) -> None:
        """Send the webhooks of each call of `app`."""
        app.extensions[EXTENSION] = self
        app.after_request(self._arrange)

    def listens_at(self, merchant: Merchant) -> str | None:
        """Return where the settings have a merchant listen, None where they say nothing of it."""
        return self._urls.get(merchant.code)

    def watch_deadlines(self) -> None:
        """Announce payments when their time runs out, as a deadline may be nearer than before."""
        self.deadlines.look_now()

    def _context_outside(self, merchant: Merchant) -> Context:
        reader = Reader(KOREAN, self.address.outside_of_requests())
        return Context(
            merchant, self.dispatcher.database, self.dispatcher.clock, self._ids, reader, post=self
        )

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


def _hold_here(before: Sequence[Future[None]], after: Callable[[], None] | None) -> None:
    """Hold the answer and send what follows it, as the server can't."""
    wait(before, LONGEST_HOLD_SECONDS)
    if after is not None:
        behind = Timer(TIME_TO_LEAVE_SECONDS, after)
        behind.daemon = True
        behind.start()
