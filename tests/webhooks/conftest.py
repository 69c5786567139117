"""A sandbox on the Toss contract, and servers of its merchant that take webhooks."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from payments_mock.settings import Settings
from testkit.inside.clock import MovableClock
from testkit.inside.toss_stage import staged_app
from testkit.receiver import Receiver
from tests.control.desk import Desk, SandboxDesk
from tests.webhooks.hostile import Hostile


@pytest.fixture(scope="module")
def moved_clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
def app(new_database: Callable[[], str], moved_clock: MovableClock) -> Iterator[Flask]:
    with staged_app(new_database(), Settings().merchants, moved_clock) as app:
        yield app


@pytest.fixture
def sandbox(app: Flask) -> SandboxDesk:
    return Desk(app).sandbox(contract="toss")


@pytest.fixture
def receive() -> Iterator[Callable[..., Receiver]]:
    """Start a server that answers with these statuses in turn."""
    started: list[Receiver] = []

    def start(*statuses: int) -> Receiver:
        started.append(Receiver(*statuses))
        return started[-1]

    yield start
    for receiver in started:
        receiver.stop()


@pytest.fixture
def receiver(receive: Callable[..., Receiver], sandbox: SandboxDesk) -> Receiver:
    """Start a server that takes everything, and register it for all that happens."""
    receiver = receive()
    sandbox.done("POST", "webhooks", url=receiver.url)
    return receiver


@pytest.fixture
def hostile() -> Iterator[Callable[[Callable[[], Iterator[bytes]]], str]]:
    """Start a server that answers with the pieces that a function yields."""
    started: list[Hostile] = []

    def start(pieces: Callable[[], Iterator[bytes]]) -> str:
        started.append(Hostile(pieces))
        return started[-1].url

    yield start
    for server in started:
        server.stop()
