"""Webhooks of a sandbox, from a test."""

from collections.abc import Sequence
from typing import Any

from payments_mock.testing.control_client import ControlClient


class Webhooks:
    """Registers where one sandbox sends its events, and how."""

    def __init__(self, control: ControlClient, path: str) -> None:
        self._control = control
        self._path = f"{path}/webhooks"

    def to(self, url: str, events: Sequence[str] | None = None) -> None:
        """Send events to `url`: those named, else all."""
        body: dict[str, Any] = {"url": url}
        if events is not None:
            body["events"] = list(events)
        self._control.call("POST", self._path, body)

    def rule(self, **rule: Any) -> str:
        """Say how events are delivered, in the control API's words; returns the rule's name."""
        return str(self._control.call("POST", f"{self._path}/rules", rule)["name"])

    def deliveries(self, **query: Any) -> list[dict[str, Any]]:
        """Return what was sent or is to be sent, with every attempt."""
        answer = self._control.call("GET", f"{self._path}/deliveries", query=query)
        deliveries: list[dict[str, Any]] = answer["deliveries"]
        return deliveries
