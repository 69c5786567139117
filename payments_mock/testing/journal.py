"""What a merchant asked of a sandbox, from a test."""

from typing import Any

from payments_mock.testing.control_client import ControlClient

_WIRE_NAMES = {"order_id": "orderId", "payment_key": "paymentKey", "at_least": "atLeast", "at_most": "atMost"}


class Journal:
    """Reads and asserts the calls of one sandbox.

    Calls are narrowed by `order_id`, `payment_key`, `amount`, `status`, `code`, `method`, by `fault`, the
    name of one that struck, and by `headers`, a mapping.
    """

    def __init__(self, control: ControlClient, path: str) -> None:
        self._control = control
        self._path = f"{path}/journal"

    def calls(self, operation: str | None = None, **match: Any) -> list[dict[str, Any]]:
        """Return the calls, the oldest first."""
        return self._entries(_named(match, operation))

    def wait_for(
        self, operation: str | None = None, *, count: int = 1, seconds: float = 5.0, **match: Any
    ) -> list[dict[str, Any]]:
        """Return the calls, once there are `count` of them or so many seconds have passed."""
        return self._entries(_named(match, operation) | {"wait": seconds, "count": count})

    def assert_called(
        self, operation: str, *, count: int | None = 1, wait: float = 0.0, **match: Any
    ) -> None:
        """Assert that the operation was called `count` times; with `at_least` or `at_most` in their place.

        Raises:
            ControlError: it was not; the message shows the calls that came nearest, and how they differ.
        """
        bounds = {_WIRE_NAMES[name]: match.pop(name) for name in ("at_least", "at_most") if name in match}
        wanted = bounds or {"count": count}
        body = {"match": _named(match, operation), "wait": wait, **wanted}
        self._control.call("POST", f"{self._path}/verify", body)

    def assert_not_called(self, operation: str, **match: Any) -> None:
        """Assert that the operation was not called.

        Raises:
            ControlError: it was.
        """
        self.assert_called(operation, count=0, **match)

    def clear(self) -> None:
        """Forget the calls so far."""
        self._control.call("DELETE", self._path)

    def _entries(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        lines = [f"{name}: {value}" for name, value in query.pop("headers", {}).items()]
        query |= {"header": lines} if lines else {}
        entries: list[dict[str, Any]] = self._control.call("GET", self._path, query=query)["entries"]
        return entries


def _named(match: dict[str, Any], operation: str | None) -> dict[str, Any]:
    named = {_WIRE_NAMES.get(name, name): value for name, value in match.items()}
    return named if operation is None else {**named, "operation": operation}
