"""Calls of the control API, with its refusals as exceptions."""

from collections.abc import Mapping
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
