"""The server of a test: one in this process, or one that runs elsewhere."""

import dataclasses
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from payments_mock.app import create_app
from payments_mock.database import TemporaryDatabase
from payments_mock.server.process import BACKLOG, Server, base_url, bind, close, make_server
from payments_mock.settings import Settings
from payments_mock.testing.control_client import ControlClient, address, wire_names
from payments_mock.testing.sandbox import Sandbox
from payments_mock.webhooks import delivering


class RemoteServer:
    """The provider at `url`; `token` is its control token, if it has one.

    Raises:
        NoServerError: `url` is no address of a server.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = address(url)
        self._token = token
        self._control: ControlClient | None = None

    @property
    def control(self) -> ControlClient:
        """The provider's control API."""
        if self._control is None:
            self._control = ControlClient(self.url, self._token)
        return self._control

    def sandbox(
        self,
        contract: str = "kiosk",
        version: str | None = None,
        switches: Iterable[str] = (),
        **keys: Any,
    ) -> Sandbox:
        """Make a sandbox on a contract, `kiosk` or `toss`; its keys are made unless they are given.

        `switches` are those that are on from the first, such as `unknown_fields`.

        Raises:
            ControlError: it can't be; the message says what would be right.
            NoServerError: there is no payments-mock at the address.
        """
        wanted = {"contract": contract, **keys} | ({} if version is None else {"version": version})
        wanted |= {"switches": wire_names(dict.fromkeys(switches, True))} if switches else {}
        return Sandbox(self.control, self.control.call("POST", "/sandboxes", wanted))

    def stray_calls(self, most: int = 50) -> list[dict[str, Any]]:
        """Return the newest calls that came with no key, or with one that nobody has, the newest first."""
        told = self.control.call("GET", "/stray-calls", query={"limit": most})
        calls: list[dict[str, Any]] = told["strayCalls"]
        return calls

    def events(self, after: str | None = None, *, wait: float = 0.0) -> tuple[str, list[dict[str, Any]]]:
        """Return where to go on, and what happened behind `after` in all sandboxes, and in none.

        Without it nothing, and where it is now. Waits up to so many seconds until something happens.
        """
        query = {"wait": wait} | ({} if after is None else {"after": after})
        answer = self.control.call("GET", "/events", query=query)
        return answer["seq"], answer["events"]

    def start(self) -> Self:
        """Make it ready; it runs already."""
        return self

    def stop(self) -> None:
        """Let go of it."""
        if self._control is not None:
            self._control.close()
            self._control = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


START_SECONDS = 10.0


class MockServer(RemoteServer):
    """Starts a provider on a free port when it is entered, and stops it with its data when it is left.

    `settings` are those of the command line, by name: `MockServer(open=True)`. It is the server that
    `payments-mock serve` starts, on a thread, so that faults on the wire work too.
    """

    def __init__(self, **settings: Any) -> None:
        # Its address is known once it listens.
        super().__init__("http://127.0.0.1", settings.get("control_token"))
        self._settings = Settings(**{"port": 0, "log_format": "none", **settings})
        self._clean_up: list[Callable[[], None]] = []

    def start(self) -> Self:
        """Start it, and return once it answers.

        Raises:
            SettingsError: a setting will not do.
            TimeoutError: it did not start in time.
        """
        settings = self._settings
        if settings.sqlalchemy_url is None:
            database = TemporaryDatabase()
            self._clean_up.append(database.remove)
            settings = dataclasses.replace(settings, database_url=database.url, is_temporary=True)
        app = create_app(settings)
        listener = bind(settings.host, settings.port)
        self._clean_up.append(listener.close)
        listener.listen(BACKLOG)
        self.url = base_url(listener)
        answering = threading.Event()
        server = make_server(app, settings, answering.set, leave=_nothing)

        def serve() -> None:
            with delivering(app, self.url):
                server.run([listener])
            close(app)

        thread = threading.Thread(target=serve, name="payments-mock", daemon=True)
        self._clean_up.append(lambda: _stop(server, thread))
        thread.start()
        if not answering.wait(START_SECONDS):
            self.stop()
            raise TimeoutError(f"the provider did not start within {START_SECONDS} seconds")
        return self

    def stop(self) -> None:
        """Stop it, and remove its data."""
        super().stop()
        while self._clean_up:
            self._clean_up.pop()()


def _stop(server: Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join()


def _nothing() -> None:
    """Do nothing: a server on a thread ends with its loop."""
