"""Webhooks: what was put into the outbox reaches the merchant, beside the answers to calls."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from payments_mock.clock import Clock
from payments_mock.webhooks.dispatcher import Dispatcher
from payments_mock.webhooks.post_office import CallPostOffice, deliver_due_before_answer, post_office_of

__all__ = ["attach_webhooks", "check_target_of", "deliver_due_before_answer", "delivering"]


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


@contextmanager
def delivering(app: Flask) -> Iterator[None]:
    """Deliver in this process what an earlier one left, and at the end wait for attempts under way."""
    office = post_office_of(app)
    if office is None:
        yield
        return
    office.dispatcher.begin()
    try:
        yield
    finally:
        office.dispatcher.stop()
