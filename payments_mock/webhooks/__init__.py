"""Webhooks: deliver the outbox to merchants, beside the answers to calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flask import Flask

    from payments_mock.webhooks.outbox_hooks import OutboxHooks

__all__ = ["EXTENSION", "delivering", "outbox_hooks_of"]

EXTENSION: Final = "payments_mock.webhooks"


def outbox_hooks_of(app: Flask) -> OutboxHooks | None:
    """Return the outbox hooks of `app`; None where it has none."""
    hooks: OutboxHooks | None = app.extensions.get(EXTENSION)
    return hooks


@contextmanager
def delivering(app: Flask, url: str) -> Iterator[None]:
    """Deliver in this process, which listens at `url`, what an earlier one left and what falls due.

    At the end attempts under way are waited for.
    """
    hooks = outbox_hooks_of(app)
    if hooks is not None:
        hooks.address.own = url
        hooks.dispatcher.begin()
        hooks.deadlines.begin()
    try:
        yield
    finally:
        if hooks is not None:
            hooks.deadlines.end()
            hooks.dispatcher.stop()
