"""A provider in a process of its own, the line to it, and kiosks inside the test."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from payments_mock.kiosk.app import create_kiosk
from payments_mock.kiosk.catalog import MenuEntry
from payments_mock.kiosk.settings import KioskSettings
from payments_mock.kiosk.tables import db
from testkit.inside.clock import MovableClock
from testkit.kiosk.line import Line
from testkit.processes import running_server
from tests.kiosk.till import MENU, Till

TIMEOUT_SECONDS = 10.0


@pytest.fixture(scope="session")
def provider_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0"]
    with running_server(command, tmp_path_factory.mktemp("provider")) as server:
        yield server.url


@pytest.fixture
def line(provider_url: str) -> Iterator[Line]:
    with closing(Line(provider_url)) as line:
        yield line


@pytest.fixture
def open_till(clock: MovableClock, tmp_path: Path) -> Iterator[Callable[..., Till]]:
    with ExitStack() as closing_time:

        def open_till(provider: str, menu: tuple[MenuEntry, ...] = MENU, file: str = "kiosk.db") -> Till:
            settings = KioskSettings(
                provider_url=provider, data=tmp_path / file, timeout=TIMEOUT_SECONDS, menu=menu
            )
            app = create_kiosk(settings, clock)
            closing_time.enter_context(app.app_context())
            closing_time.callback(lambda: db.engine.dispose())
            return Till(app)

        yield open_till


@pytest.fixture
def till(open_till: Callable[..., Till], line: Line) -> Till:
    return open_till(line.url)
