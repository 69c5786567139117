"""The effects of faults: one class each.

A class defines the fields of its effect and their checks, how it changes an answer and its bytes, and how
long it delays or holds a call. A new effect needs a class here, a place in `EFFECTS` and a row in
docs/faults.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson
from flask import Response
from marshmallow import ValidationError, fields, validate

from payments_mock.api.bodies import change_content, error_answer, json_answer, media_type_of
from payments_mock.api.schemas import any_of, names
from payments_mock.api.values import changed_fields, fields_left_out
from payments_mock.api.wire import HOLD_SECONDS, NOTHING, Connection
from payments_mock.domain.faults import Moment, Strike
from payments_mock.http.base_effects import WHY, Effect, Timed, seconds

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract
    from payments_mock.api.wire import CallRecord


class Error(Effect):
    """An error of the contract by its `code`, or any `status` with a `body`."""

    kind = "error"
    takes = {  # noqa: RUF012
        "code": fields.String(
            validate=validate.Length(min=1, max=64),
            metadata={"description": "One of the sandbox's contract, unless its status comes with it."},
        ),
        "status": fields.Integer(strict=True, validate=validate.Range(min=400, max=599)),
        "body": fields.String(validate=validate.Length(max=10_000)),
    }
    rules = (any_of(names("code"), names("status")),)

    @classmethod
    def check(cls, given: Mapping[str, Any]) -> None:
        """Require a code or a status."""
        if not given.keys() & {"code", "status"}:
            raise ValidationError("Name the code to fail with, or a status.", "code")

    def answer(self, contract: Contract, call: CallRecord) -> Response:
        """Answer with the contract's code, or else with the fault's own status and body."""
        code, status, body = (self.given.get(name) for name in ("code", "status", "body"))
        known = contract.answer_code(code, call) if code else None
        answer = known or error_answer(call, status or 500, code or "FAULT", WHY)
        if status is not None:
            answer.status_code = status
        if body is not None:
            answer.set_data(body)
            answer.mimetype = media_type_of(body)
        return answer


class Delay(Timed):
    """A late answer: the work is done after the wait, or before it."""

    kind = "delay"

    def delay_seconds(self) -> float:
        """Delay the call by the seconds of the fault."""
        return self.lasts()


class Hang(Effect):
    """No answer until the client gives up."""

    kind = "hang"
    hangs = True
    sends = NOTHING


class Hold(Effect):
    """The call waits until somebody lets it go, refuses it or cuts it, or its time is over."""

    kind = "hold"
    takes = {"seconds": seconds()}  # noqa: RUF012

    def hold_seconds(self) -> float:
        """Hold the call for as long as the fault says."""
        return float(self.given.get("seconds", HOLD_SECONDS))


class Reset(Effect):
    """The connection reset, no answer."""

    kind = "reset"
    spoils = True
    sends = NOTHING

    def spoil(self, head: bytes, body: bytes, connection: Connection) -> None:
        """Send nothing."""
        connection.reset()


class Empty(Effect):
    """The connection closed, no answer."""

    kind = "empty"
    spoils = True
    sends = NOTHING

    def spoil(self, head: bytes, body: bytes, connection: Connection) -> None:
        """Send nothing."""
        connection.close()


class Truncate(Effect):
    """A body that is cut off half-way."""

    kind = "truncate"
    spoils = True
    sends = "half"
    status_before = 200

    def spoil(self, head: bytes, body: bytes, connection: Connection) -> None:
        """Send the head, and half of the body."""
        connection.write(head + body[: len(body) // 2])
        connection.close()


class Malformed(Effect):
    """A success whose body is not JSON."""

    kind = "malformed"
    spoils = True
    sends = "garbage"
    status_before = 200

    def spoil(self, head: bytes, body: bytes, connection: Connection) -> None:
        """Send the head, and the body with every bit flipped."""
        connection.write(head + bytes(255 - byte for byte in body))
        connection.close()


class Drip(Timed):
    """The answer in small pieces."""

    kind = "drip"

    def drip_seconds(self) -> float:
        """Spread the answer over the seconds of the fault."""
        return self.lasts()


class Alter(Effect):
    """A success whose body is wrong."""

    kind = "alter"
    takes = {"set": changed_fields(), "remove": fields_left_out()}  # noqa: RUF012
    rules = (any_of(names("set"), names("remove")),)
    moments = (Moment.AFTER,)

    @classmethod
    def check(cls, given: Mapping[str, Any]) -> None:
        """Require something to change."""
        if not given.keys() & {"set", "remove"}:
            raise ValidationError("Say which fields to set, or which to remove.", "set")

    def alter(self, answer: Response) -> Response:
        """Return the answer with fields changed, added or left out; one that is no JSON stays."""
        if not answer.is_json:
            return answer
        content = orjson.loads(answer.get_data())
        changed = change_content(content, self.given.get("set", {}), self.given.get("remove", ()))
        return json_answer(changed, answer.status_code)


EFFECTS: Final[Mapping[str, type[Effect]]] = {
    effect.kind: effect
    for effect in (Error, Delay, Hang, Hold, Reset, Empty, Truncate, Malformed, Drip, Alter)
}
"""Every effect by its kind, in the order in which the reference lists them."""


def effects_of(strikes: Sequence[Strike]) -> list[Effect]:
    """Return the effects of the faults that struck a call."""
    return [
        EFFECTS[strike.fault.effect.kind](strike.fault.effect.fields, strike.number, strike.fault.name)
        for strike in strikes
    ]
