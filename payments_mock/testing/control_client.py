"""The client of the control API, and a sandbox's clock by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

TIMEOUT_SECONDS = 70.0
"""Longer than the longest wait that the control API is asked for."""


class ControlError(AssertionError):
    """The control API refused a call, or an assertion about the journal does not hold.

    `status` and `answer` are what it said.
    """

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        self.status = status
        self.answer = answer
        lines = [f"{status} {answer.get('code')}: {answer.get('message')}"]
        lines += [_line_of(near) for near in answer.get("nearest", ())]
        super().__init__("\n".join(lines))


def _line_of(near: Mapping[str, Any]) -> str:
    entry = near["entry"]
    call = f"{entry['operation']} {entry['method']} {entry['path']} -> {entry['status']}"
    differs = near["differs"] or "the same"
    return f"  near: {call} (order {entry['orderId']}, payment {entry['paymentKey']}); {differs}"


class ControlClient:
    """Speaks to the control API of the provider at `base_url`; `token` is its control token, if any."""

    def __init__(self, base_url: str, token: str | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        # A proxy of the machine has no business between a test and its server.
        self._session.trust_env = False
        if token is not None:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call `/control<path>` and return what it answers.

        Raises:
            ControlError: the call is refused.
            requests.RequestException: the server can't be reached.
        """
        response = self._session.request(
            method, f"{self.base_url}/control{path}", json=body, params=query, timeout=TIMEOUT_SECONDS
        )
        answer: dict[str, Any] = response.json()
        if not response.ok:
            raise ControlError(response.status_code, answer)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def duration(length: timedelta) -> str:
    """Write a length of time as the control API reads it."""
    return f"PT{length.total_seconds():.6f}S"


class Clock:
    """Moves the time of one sandbox; what becomes due has happened when a call returns."""

    def __init__(self, control: ControlClient, path: str) -> None:
        self._control = control
        self._path = f"{path}/clock"

    def now(self) -> datetime:
        """Return what time it is in the sandbox, in UTC."""
        return datetime.fromisoformat(self._control.call("GET", self._path)["now"])

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let so much time pass."""
        self._change(advance=duration(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)))

    def set(self, moment: datetime) -> None:
        """Make it `moment`, which has a time zone."""
        self._change(set=moment.isoformat())

    def freeze(self, at: datetime | None = None) -> None:
        """Make the time stand still: now, or `at` a moment, which has a time zone."""
        self._change(freeze=True, **({} if at is None else {"set": at.isoformat()}))

    def unfreeze(self) -> None:
        """Let the time run on from where it stands."""
        self._change(freeze=False)

    def release(self) -> None:
        """Go back to the machine's time."""
        self._change(release=True)

    def _change(self, **change: Any) -> None:
        self._control.call("POST", self._path, change)
