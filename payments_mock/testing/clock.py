"""The clock of a sandbox, from a test."""

from datetime import datetime, timedelta
from typing import Any

from payments_mock.testing.control_client import ControlClient


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
