"""The parts of the application that are loaded when somebody first asks for one of their paths.

A server must be up at once, and most of its users never see most of these. So what they need is imported
here, in a function each, and nowhere else on the way to a server that listens.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from payments_mock.clock import Clock
from payments_mock.domain.sandboxes import ContractName
from payments_mock.http.late_parts import LateParts, Part
from payments_mock.ids import Ids
from payments_mock.settings import Settings

if TYPE_CHECKING:
    from payments_mock.domain.webhooks import WebhookEvent
    from payments_mock.services.context import Context


def merchants_calls(settings: Settings, clock: Clock, ids: Ids) -> Part:
    """Return the part that answers merchants by the contracts; the others act for merchants through it."""
    return Part(("/v1",), partial(_merchants_calls, settings, clock, ids), comes_first=True)


def _merchants_calls(settings: Settings, clock: Clock, ids: Ids, app: LateParts) -> None:
    from payments_mock.contracts.kiosk import KIOSK
    from payments_mock.contracts.toss import TOSS
    from payments_mock.http.authentication import OPEN
    from payments_mock.http.dispatcher import Dispatcher
    from payments_mock.http.journal import Journal
    from payments_mock.webhooks.outbox_hooks import attach_webhooks

    app.config[OPEN] = settings.open
    journal = Journal(app, settings.journal_entries)
    post = attach_webhooks(app, clock, settings.webhook_targets, _event_body)
    default = ContractName(settings.default_contract)
    Dispatcher((KIOSK, TOSS), default, clock, ids, journal, post).attach(app)


def _event_body(context: Context, event: WebhookEvent) -> str:
    # Whoever listens to no webhooks, on the kiosk contract above all, needs nothing of Toss's words.
    from payments_mock.contracts.toss.payment_presentation import event_body

    return event_body(context, event)


def _control(app: LateParts) -> None:
    from payments_mock.control.api import control_api

    app.register_blueprint(control_api)


def _receipts(app: LateParts) -> None:
    from payments_mock.receipts.pages import receipts

    app.register_blueprint(receipts)


def _reference(app: LateParts) -> None:
    from payments_mock.reference.pages import reference_pages

    app.register_blueprint(reference_pages)


def _checkout(app: LateParts) -> None:
    from payments_mock.checkout.routes import checkout_pages
    from payments_mock.checkout.widgets import sdk_scripts, widget_pages

    for pages in (sdk_scripts, checkout_pages, widget_pages):
        app.register_blueprint(pages)


PAGES: Final = (
    Part(("/control",), _control),
    Part(("/receipts",), _receipts),
    Part(("/openapi.json", "/docs", "/favicon.ico"), _reference),
    # The scripts are where pages expect them, among the contracts' own paths.
    Part(("/checkout", "/v1", "/v2"), _checkout),
)
