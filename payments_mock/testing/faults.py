"""Faults of a sandbox, from a test, and calls that they hold."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Thread
from typing import Any, TypeVar, cast

import requests

from payments_mock.testing.control_client import ControlClient, duration, match_of, said, wire_names

Verb = TypeVar("Verb", bound=Callable[..., str])


def _remembered(verb: Verb) -> Verb:
    """Have a verb remember its wording in the test, for the report of a fault that never fires."""

    @functools.wraps(verb)
    def arm(self: "Faults", *arguments: Any, **named: Any) -> str:
        name = verb(self, *arguments, **named)
        words = [_literal(value) for value in arguments]
        words += [f"{key}={_literal(value)}" for key, value in named.items()]
        self.wordings[name] = f"{verb.__name__}({', '.join(words)})"
        return name

    return cast(Verb, arm)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


class Faults:
    """Arms and counts the faults of one sandbox.

    The calls that are meant are narrowed by `order_id`, `payment_key`, `amount`, `nth` and `headers`. Every
    verb returns the fault's name, and takes `times` (1 unless said, or "always") and `skip`. With `from_`,
    `until` or `lasts` it strikes in that time of the sandbox alone, and then always unless `times` is said.
    """

    def __init__(self, control: ControlClient, path: str) -> None:
        self._control = control
        self._path = f"{path}/faults"
        self._held = f"{path}/held-calls"
        self.wordings: dict[str, str] = {}
        """How the test worded each fault, by its name."""

    @_remembered
    def lose_answer(self, operation: str, **more: Any) -> str:
        """Let the operation be done and committed, and reset the connection before the answer leaves."""
        return self.arm(operation, "after", {"kind": "reset"}, **more)

    @_remembered
    def answer_slowly(self, operation: str, seconds: float, **more: Any) -> str:
        """Let the operation be done, and hold its answer back."""
        return self.arm(operation, "after", {"kind": "delay", "seconds": seconds}, **more)

    @_remembered
    def wait_before(self, operation: str, seconds: float, **more: Any) -> str:
        """Hold the call back before anything happens."""
        return self.arm(operation, "before", {"kind": "delay", "seconds": seconds}, **more)

    @_remembered
    def refuse(self, operation: str, code: str, status: int | None = None, **more: Any) -> str:
        """Answer an error before anything happens."""
        effect = {"kind": "error", "code": code} | ({} if status is None else {"status": status})
        return self.arm(operation, "before", effect, **more)

    @_remembered
    def break_connection(self, operation: str, **more: Any) -> str:
        """Reset the connection before anything happens."""
        return self.arm(operation, "before", {"kind": "reset"}, **more)

    @_remembered
    def hang(self, operation: str, **more: Any) -> str:
        """Let the operation be done, and never answer: until the client gives up."""
        return self.arm(operation, "after", {"kind": "hang"}, **more)

    @_remembered
    def alter(
        self,
        operation: str,
        set: Mapping[str, Any] | None = None,
        remove: Sequence[str] = (),
        **more: Any,
    ) -> str:
        """Let the operation be done, and answer with fields `set` or left out, by paths as "card.number"."""
        effect: dict[str, Any] = {"kind": "alter"}
        effect |= ({"set": dict(set)} if set else {}) | ({"remove": list(remove)} if remove else {})
        return self.arm(operation, "after", effect, **more)

    @_remembered
    def hold(self, operation: str, moment: str = "before", seconds: float | None = None, **more: Any) -> str:
        """Have calls wait, `before` or `after` the change, until they are let go, refused or cut.

        Whom nobody ends goes on after so many seconds, 60 unless said.
        """
        effect = {"kind": "hold"} | ({} if seconds is None else {"seconds": seconds})
        return self.arm(operation, moment, effect, **more)

    def held(
        self, count: int = 0, *, seconds: float = 5.0, fault: str | None = None, order_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the calls that wait, the first that came first, once there are `count` of them.

        Raises:
            TimeoutError: there were fewer for so many seconds of real time.
        """
        query = said({"fault": fault, "orderId": order_id})
        query |= {"count": count, "wait": seconds} if count else {}
        found: list[dict[str, Any]] = self._control.call("GET", self._held, query=query)["heldCalls"]
        if len(found) < count:
            raise TimeoutError(f"{len(found)} of {count} calls were held within {seconds:g} seconds")
        return found

    def let_go(self, **which: Any) -> int:
        """Let the calls go that wait: all, or by `id`, `fault` or `order_id`; returns how many there were.

        Raises:
            ControlError: no call of this id waits.
        """
        return self._end("let-go", which)

    def refuse_held(self, code: str, status: int | None = None, **which: Any) -> int:
        """Refuse the calls that wait, chosen as in `let_go`; returns how many there were.

        Raises:
            ControlError: no call of this id waits, or the code is none of the contract and has no status.
        """
        return self._end("refuse", which, code=code, status=status)

    def cut_held(self, **which: Any) -> int:
        """Cut the connections of the calls that wait, chosen as in `let_go`; returns how many there were.

        Raises:
            ControlError: no call of this id waits.
        """
        return self._end("cut", which)

    def _end(self, how: str, which: Mapping[str, Any], **more: Any) -> int:
        body = {"do": how} | wire_names(which) | said(more)
        return int(self._control.call("POST", f"{self._held}/end", body)["ended"])

    @_remembered
    def arm(
        self,
        operation: str | None,
        moment: str,
        effect: dict[str, Any],
        *,
        times: int | str | None = None,
        skip: int | None = None,
        name: str | None = None,
        from_: datetime | None = None,
        until: datetime | None = None,
        lasts: timedelta | None = None,
        **match: Any,
    ) -> str:
        """Arm a fault as the control API words it, and return its name.

        `from_` and `until` have a time zone; `lasts` counts from `from_`, else from now.

        Raises:
            ControlError: the fault can't be; the message says what would be right.
        """
        rule: dict[str, Any] = {"match": match_of(operation, match), "moment": moment, "effect": effect}
        rule |= said({"times": times, "skip": skip, "name": name} | _period(from_, until, lasts))
        return str(self._control.call("POST", self._path, rule)["name"])

    def armed(self) -> list[dict[str, Any]]:
        """Return the faults with how often each met a call (`met`) and fired (`fired`)."""
        faults: list[dict[str, Any]] = self._control.call("GET", self._path)["faults"]
        return faults

    def fired(self, name: str) -> int:
        """Return how often a fault fired."""
        return int(self._control.call("GET", f"{self._path}/{name}")["fired"])

    def never_fired(self) -> list[str]:
        """Return the names of the faults that were armed for nothing."""
        return [fault["name"] for fault in self.armed() if fault["fired"] == 0]

    def switch(self, name: str, on: bool) -> None:
        """Switch a fault off, or on again; what it has counted stays."""
        self._control.call("PATCH", f"{self._path}/{name}", {"on": on})

    def change(
        self,
        name: str,
        *,
        match: Mapping[str, Any] | None = None,
        moment: str | None = None,
        effect: Mapping[str, Any] | None = None,
        times: int | str | None = None,
        skip: int | None = None,
    ) -> dict[str, Any]:
        """Change a fault at once; what is not named stays, and what it has counted. Returns it.

        A `match`, such as `{"operation": "cancel", "order_id": "order_2"}`, takes the place of the whole one.

        Raises:
            ControlError: it can't be; the message says what would be right.
        """
        meant = None if match is None else match_of(None, match)
        change = {"match": meant, "moment": moment, "effect": effect, "times": times, "skip": skip}
        return self._control.call("PATCH", f"{self._path}/{name}", said(change))

    def remove(self, name: str | None = None) -> None:
        """Remove a fault, or all of them."""
        self._control.call("DELETE", self._path if name is None else f"{self._path}/{name}")


class CallUnderWay:
    """A call of the shop that is made on a thread of its own, while the test goes on."""

    def __init__(self, call: Callable[[], requests.Response | None]) -> None:
        self._answer: Future[requests.Response | None] = Future()

        def run() -> None:
            self._answer.set_result(call())

        # A daemon, as a test that fails waits for nobody.
        Thread(target=run, name="a call under way", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, answered or not."""
        return self._answer.done()

    def answer(self) -> requests.Response | None:
        """Wait for its answer and return it, None where no whole one arrives."""
        return self._answer.result()


def _period(from_: datetime | None, until: datetime | None, lasts: timedelta | None) -> dict[str, str | None]:
    return {
        "from": from_.isoformat() if from_ else None,
        "until": until.isoformat() if until else None,
        "lasts": duration(lasts) if lasts is not None else None,
    }
