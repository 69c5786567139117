"""What faults do to a call: an error in place of the answer, or a note to the server that sends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Response, g, request

from payments_mock.domain.faults import Effect, EffectKind, Moment, Strike, Subject
from payments_mock.http.answers import error_answer
from payments_mock.http.wire import LONGEST_HANG_SECONDS, WIRE, Cut, Wire
from payments_mock.services.context import Context
from payments_mock.services.faults import strikes_on

if TYPE_CHECKING:
    from payments_mock.http.contract import Contract

_CUTS = {
    EffectKind.RESET: Cut.RESET,
    EffectKind.EMPTY: Cut.EMPTY,
    EffectKind.TRUNCATE: Cut.TRUNCATE,
    EffectKind.MALFORMED: Cut.MALFORMED,
}
HANG_KEEPS_KEY_SECONDS = 5.0
"""How long an idempotency key stays in progress when its answer hangs for as long as the client does."""


def strike_before(contract: Contract, context: Context, subject: Subject) -> Response | None:
    """Return what is answered instead of running the operation, None where it is to run.

    A wait comes first: the server then asks again, and the rest is done.
    """
    if not context.merchant.has_faults:
        return None
    note: Wire | None = request.environ.get(WIRE)
    if note is not None:
        strikes = note.kept["strikes"]
    else:
        strikes = strikes_on(context, Moment.BEFORE, subject)
        seconds = _wait_of(strikes)
        if seconds > 0:
            return _note(Wire(seconds, asks_again=True, kept={"strikes": strikes}))
    _name(strikes)
    request.environ[WIRE] = None
    return _instead(contract, strikes)


def strike_after(contract: Contract, context: Context, subject: Subject, response: Response) -> Response:
    """Return what is answered after the operation has run; an answer that refused is left as it is."""
    if not context.merchant.has_faults or response.status_code >= 400:
        return response
    strikes = strikes_on(context, Moment.AFTER, subject)
    if not strikes:
        return response
    _name(strikes)
    answer = _error_of(contract, strikes) or response
    note = Wire(seconds=_wait_of(strikes), drip_seconds=_drip_of(strikes), cut=_cut_of(strikes))
    note.hangs = any(strike.fault.effect.kind is EffectKind.HANG for strike in strikes)
    return answer if note == Wire() else _note(note, answer)


def seconds_held() -> float:
    """Return how long the answer that was just made is held back by faults."""
    note: Wire | None = request.environ.get(WIRE)
    if note is None:
        return 0.0
    return HANG_KEEPS_KEY_SECONDS if note.hangs else note.seconds


def _instead(contract: Contract, strikes: Sequence[Strike]) -> Response | None:
    answer = _error_of(contract, strikes)
    hangs = any(strike.fault.effect.kind is EffectKind.HANG for strike in strikes)
    note = Wire(hangs=hangs, cut=_cut_of(strikes), drip_seconds=_drip_of(strikes) if answer else 0.0)
    if note == Wire():
        return answer
    return _note(note, answer or error_answer(500, "FAULT", "A fault was armed for this call."))


def _note(note: Wire, answer: Response | None = None) -> Response:
    """Leave a note for the server; one that can't read notes is told so instead."""
    if WIRE not in request.environ:
        return error_answer(
            501, "FAULT_NOT_SUPPORTED", "this fault needs the server that `payments-mock serve` starts"
        )
    request.environ[WIRE] = note
    g.held = note.asks_again
    return answer or Response(status=503)


def _name(strikes: Sequence[Strike]) -> None:
    g.faults = [*g.get("faults", ()), *(strike.fault.name for strike in strikes)]


def _effects(strikes: Sequence[Strike], kind: EffectKind) -> list[tuple[Effect, int]]:
    return [(s.fault.effect, s.number) for s in strikes if s.fault.effect.kind is kind]


def _wait_of(strikes: Sequence[Strike]) -> float:
    seconds = sum(effect.seconds_of(number) for effect, number in _effects(strikes, EffectKind.DELAY))
    return min(seconds, LONGEST_HANG_SECONDS)


def _drip_of(strikes: Sequence[Strike]) -> float:
    return sum(effect.seconds_of(number) for effect, number in _effects(strikes, EffectKind.DRIP))


def _cut_of(strikes: Sequence[Strike]) -> Cut | None:
    return next((_CUTS[s.fault.effect.kind] for s in strikes if s.fault.effect.kind in _CUTS), None)


def _error_of(contract: Contract, strikes: Sequence[Strike]) -> Response | None:
    errors = _effects(strikes, EffectKind.ERROR)
    if not errors:
        return None
    effect = errors[0][0]
    answer = contract.answer_test_code(effect.code) if effect.code else None
    if answer is None:
        code = effect.code or "FAULT"
        answer = error_answer(effect.status or 500, code, "A fault was armed for this call.")
    if effect.status is not None:
        answer.status_code = effect.status
    if effect.body is not None:
        answer.set_data(effect.body)
    return answer
