"""Webhooks: deliver the outbox to merchants, beside the answers to calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app

from payments_mock.api.wire import current_call
from payments_mock.receipts.links import OWN_URL

if TYPE_CHECKING:
    from payments_mock.domain.sandboxes import Merchant
    from payments_mock.webhooks.outbox_hooks import OutboxHooks

__all__ = [
    "EXTENSION",
    "WEBHOOK_URLS",
    "check_target_of",
    "deliver_due_before_answer",
    "delivering",
    "outbox_hooks_of",
    "watch_deadlines",
    "webhook_url_of",
]

EXTENSION: Final = "payments_mock.webhooks"

WEBHOOK_URLS: Final = "WEBHOOK_URLS"
"""The configuration key of where merchants of the settings listen from the start, by their ids."""


def webhook_url_of(merchant: Merchant) -> str | None:
    """Return where the settings have a merchant listen, None where they say nothing of it."""
    url: str | None = current_app.config[WEBHOOK_URLS].get(merchant.code)
    return url


def check_target_of(app: Flask, url: str) -> None:
    """Refuse a URL that the settings of `app` don't allow webhooks to.

    Raises:
        TargetError: it is not http or https, has no host, or its host is not allowed.
    """
    hooks = outbox_hooks_of(app)
    if hooks is not None:
        hooks.check_target(url)


def watch_deadlines() -> None:
    """Make the app that answers the call announce payments when their time runs out.

    Call this when a deadline may be nearer than before: a merchant listens, or a clock was moved.
    """
    hooks = outbox_hooks_of()
    if hooks is not None:
        hooks.deadlines.look_now()


def deliver_due_before_answer(merchant: Merchant) -> None:
    """Hold the answer to this call until all due webhooks of the merchant are sent."""
    current_call().webhooks.due_of.add(merchant.id)


def outbox_hooks_of(app: Flask | None = None) -> OutboxHooks | None:
    """Return the outbox hooks of `app`, or of the app that answers the call; None where it has none."""
    hooks: OutboxHooks | None = (app or current_app).extensions.get(EXTENSION)
    return hooks


@contextmanager
def delivering(app: Flask, url: str) -> Iterator[None]:
    """Deliver in this process, which listens at `url`, what an earlier one left and what falls due.

    At the end attempts under way are waited for.
    """
    app.config[OWN_URL] = url
    hooks = outbox_hooks_of(app)
    if hooks is not None:
        hooks.dispatcher.begin()
        hooks.deadlines.begin()
    try:
        yield
    finally:
        if hooks is not None:
            hooks.deadlines.end()
            hooks.dispatcher.stop()
