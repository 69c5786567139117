"""Webhooks: what was put into the outbox reaches the merchant, beside the answers to calls."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from payments_mock.clock import Clock
from payments_mock.receipts.links import OWN_URL
from payments_mock.webhooks.dispatcher import Dispatcher
from payments_mock.webhooks.post_office import CallPostOffice, deliver_due_before_answer, post_office_of

__all__ = [
    "attach_webhooks",
    "check_target_of",
    "deliver_due_before_answer",
    "delivering",
    "watch_deadlines",
]


def attach_webhooks(app: Flask, clock: Clock, allowed: str) -> CallPostOffice:
    """Give `app` what delivers its webhooks, to the targets that are `allowed`."""
    return CallPostOffice(app, Dispatcher(app, clock, allowed))


def check_target_of(app: Flask, url: str) -> None:
    """Refuse a URL that the settings of `app` let no webhook go to.

    Raises:
        TargetError: it is not http or https, has no host, or its host is not allowed.
    """
    office = post_office_of(app)
    if office is not None:
        office.check_target(url)


def watch_deadlines() -> None:
    """Have the app that answers the call tell of payments that run out of time, when they do.

    To be called where that may be sooner than before: a merchant listens, or a clock was moved.
    """
    office = post_office_of()
    if office is not None:
        office.deadlines.look_now()


@contextmanager
def delivering(app: Flask, url: str) -> Iterator[None]:
    """Deliver in this process, which listens at `url`, what an earlier one left and what time brings about.

    At the end attempts under way are waited for.
    """
    app.config[OWN_URL] = url
    office = post_office_of(app)
    if office is None:
        yield
        return
    office.dispatcher.begin()
    office.deadlines.begin()
    try:
        yield
    finally:
        office.deadlines.end()
        office.dispatcher.stop()
