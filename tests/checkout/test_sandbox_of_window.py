"""What a test decides about a sandbox holds in its windows, too: the time, and who is told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from testkit.receiver import Receiver
from tests.checkout.conftest import Browser
from tests.control.desk import Desk

pytestmark = pytest.mark.every_database

SANDBOX = "sandboxes/toss"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def receiver(desk: Desk) -> Iterator[Receiver]:
    started = Receiver()
    desk.done("POST", f"{SANDBOX}/webhooks", url=started.url)
    yield started
    started.stop()


@pytest.mark.parametrize("moment", ["2020-01-01T00:00:00Z", "2035-01-01T00:00:00Z"])
def test_a_window_is_open_in_the_time_of_its_sandbox(browser: Browser, desk: Desk, moment: str) -> None:
    desk.done("POST", f"{SANDBOX}/clock", set=moment)
    path = browser.open()

    outcome = browser.decide(path).json

    assert outcome is not None
    assert outcome["kind"] == "AUTHENTICATED"
    assert browser.payment()["status"] == "IN_PROGRESS"


def test_a_window_is_over_once_its_time_has_passed_in_the_sandbox(browser: Browser, desk: Desk) -> None:
    path = browser.open()
    desk.done("POST", f"{SANDBOX}/clock", advance=f"PT{timedelta(minutes=30).seconds}S")

    outcome = browser.decide(path).json

    assert outcome is not None
    assert outcome["kind"] == "EXPIRED"


def test_what_fails_in_a_window_is_told(browser: Browser, receiver: Receiver) -> None:
    browser.decide(browser.open(), "fail", code="REJECT_CARD_COMPANY")

    assert receiver.wait_for(1)[0].body["data"]["status"] == "ABORTED"
