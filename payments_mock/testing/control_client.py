"""The client of the control API, the clock of a sandbox, and the errors of the kit."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests

TIMEOUT_SECONDS = 70.0
"""Longer than the longest wait that the control API is asked for."""

_TIMEOUTS = (5.0, TIMEOUT_SECONDS)
"""How long a connection may take, and then an answer."""


class KitError(AssertionError):
    """Something that can't be done in a test; the message says in a line what would be right."""


class NoServerError(KitError):
    """There is no payments-mock where the test looks for one."""


class ControlError(KitError):
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


def address(url: str) -> str:
    """Return the address of a server without a slash at its end.

    Raises:
        NoServerError: it has no scheme, or no host.
    """
    if re.match(r"https?://[^/]", url) is None:
        host = url.rpartition("//")[2].rstrip("/") or "localhost:9090"
        raise NoServerError(f'"{url}" is no address of a server; write http://{host}')
    return url.rstrip("/")


class ControlClient:
    """Speaks to the control API of the provider at `base_url`; `token` is its control token, if any.

    Raises:
        NoServerError: `base_url` is no address of a server.
    """

    def __init__(self, base_url: str, token: str | None = None) -> None:
        self.base_url = address(base_url)
        self._session = requests.Session()
        # No proxy of the machine may stand between a test and its server.
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
            NoServerError: nobody answers at the address, or another server does.
        """
        __tracebackhide__ = True
        url = f"{self.base_url}/control{path}"
        try:
            response = self._session.request(method, url, json=body, params=query, timeout=_TIMEOUTS)
        except requests.RequestException as error:
            raise self._no_server(error) from None
        answer = _object_in(response)
        if answer is None or not (response.ok or "code" in answer):
            kind = response.headers.get("Content-Type", "no content")
            was = f"{method} /control{path} was answered {response.status_code} {kind}"
            raise NoServerError(f"another server than payments-mock is at {self.base_url}: {was}")
        if not response.ok:
            raise ControlError(response.status_code, answer)
        return answer

    def check(self) -> None:
        """Make sure that a payments-mock answers, and lets us in.

        Raises:
            NoServerError: nobody answers at the address, or another server does.
            ControlError: the token is missing, or wrong.
        """
        try:
            is_ours = "sandboxes" in self.call("GET", "/sandboxes")
        except ControlError as error:
            if error.status in (401, 403):
                raise
            is_ours = False
        if not is_ours:
            raise NoServerError(
                f"another server than payments-mock is at {self.base_url}: it has no /control/sandboxes"
            )

    def _no_server(self, error: requests.RequestException) -> NoServerError:
        if isinstance(error, requests.ReadTimeout):
            return NoServerError(f"no answer from {self.base_url} within {TIMEOUT_SECONDS:g} seconds")
        if isinstance(error, requests.ConnectionError):
            return NoServerError(
                f"no payments-mock answers at {self.base_url}; start one with `payments-mock serve`"
            )
        return NoServerError(f"no payments-mock can be reached at {self.base_url}: {error}")

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _object_in(response: requests.Response) -> dict[str, Any] | None:
    """Return the JSON object that an answer holds, None where it holds something else."""
    try:
        content = response.json()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


_AMOUNT = re.compile(r"[₩￦]?([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+) ?(?:원|won|KRW)?")


def won(amount: int | str) -> int:
    """Return an amount in KRW, which may be written as people do: 15000, "15,000" or "15,000원".

    Raises:
        KitError: it is no amount.
    """
    if not isinstance(amount, str):
        return amount
    found = _AMOUNT.fullmatch(amount.strip())
    if found is None:
        raise KitError(f'"{amount}" is no amount; write 15000, "15,000" or "15,000원"')
    return int(found[1].replace(",", ""))


_SEPARATED = re.compile("_(.)")

Value = TypeVar("Value")


def wire_names(given: Mapping[str, Value]) -> dict[str, Value]:
    """Return fields by the names of the control API: `unknownFields` for `unknown_fields`."""
    return {_SEPARATED.sub(lambda found: found[1].upper(), name): value for name, value in given.items()}


def said(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a test has set."""
    return {name: value for name, value in given.items() if value is not None}


def match_of(operation: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a filter of calls in the control API's words.

    Raises:
        KitError: the amount is none.
    """
    match = wire_names(given) | said({"operation": operation})
    return match | ({"amount": won(match["amount"])} if "amount" in match else {})


KIOSK = "kiosk"
STATES = {
    "INITIATED": "READY",
    "AUTHENTICATED": "IN_PROGRESS",
    "AWAITING_DEPOSIT": "WAITING_FOR_DEPOSIT",
    "APPROVED": "DONE",
    "PARTIALLY_CANCELED": "PARTIAL_CANCELED",
    "CANCELED": "CANCELED",
    "ABORTED": "ABORTED",
    "EXPIRED": "EXPIRED",
}
"""The states of a payment in the words of the control API, each with that of the Toss contract."""

_BEFORE_APPROVAL = {"INITIATED", "AUTHENTICATED", "AWAITING_DEPOSIT"}
"""The states that the kiosk contract calls INITIATED."""


def both_words(state: str) -> str:
    """Return a state as the control API calls it, with the Toss contract's word where that is another."""
    word = STATES.get(state, state)
    return state if word == state else f"{state} (Toss: {word})"


ALL_STATES = f"the states are {', '.join(map(both_words, STATES))}"


def states_meant(state: str, contract: str | None) -> set[str]:
    """Return the states that a word of a contract, or of the control API, means.

    Raises:
        KitError: there is no such state; the message has all of them.
    """
    if contract == KIOSK and state == "INITIATED":
        return _BEFORE_APPROVAL
    meant = {own for own, of_toss in STATES.items() if state in (own, of_toss)}
    if not meant:
        raise KitError(f"{state} is no state of a payment; {ALL_STATES}")
    return meant


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

    def coming(self) -> list[dict[str, Any]]:
        """Return what happens next by itself, and when, the earliest first."""
        coming: list[dict[str, Any]] = self._control.call("GET", f"{self._path}/coming")["coming"]
        return coming

    def to_next(self) -> dict[str, Any]:
        """Move to what happens next by itself, and return what that is.

        Raises:
            KitError: nothing does.
        """
        coming = self.coming()
        if not coming:
            raise KitError("nothing is due in this sandbox; look at clock.coming()")
        self._change(set=coming[0]["at"])
        return coming[0]

    def _change(self, **change: Any) -> None:
        self._control.call("POST", self._path, change)
