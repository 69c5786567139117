"""A provider that runs elsewhere."""

from types import TracebackType
from typing import Any, Self

from payments_mock.testing.control_client import ControlClient
from payments_mock.testing.sandbox import Sandbox


class RemoteServer:
    """The provider at `url`; `token` is its control token, if it has one."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._control: ControlClient | None = None

    @property
    def control(self) -> ControlClient:
        """The provider's control API."""
        if self._control is None:
            self._control = ControlClient(self.url, self._token)
        return self._control

    def sandbox(self, contract: str = "kiosk", version: str | None = None, **keys: Any) -> Sandbox:
        """Make a sandbox on a contract, `kiosk` or `toss`; its keys are made unless they are given.

        Raises:
            ControlError: it can't be; the message says what would be right.
        """
        wanted = {"contract": contract, **keys} | ({} if version is None else {"version": version})
        return Sandbox(self.control, self.control.call("POST", "/sandboxes", wanted))

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
