"""What faults do to a call: an error in place of the answer, or damage that the server does to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Response

from payments_mock.api.bodies import error_answer
from payments_mock.api.wire import LONGEST_HANG_SECONDS, Cut, Damage
from payments_mock.domain.faults import Effect, EffectKind, Moment, Strike
from payments_mock.services.context import Context
from payments_mock.services.faults import strikes_on

if TYPE_CHECKING:
    from payments_mock.api.call_record import CallRecord
    from payments_mock.api.operation import Contract


_CUTS = {
    EffectKind.RESET: Cut.RESET,
    EffectKind.EMPTY: Cut.EMPTY,
    EffectKind.TRUNCATE: Cut.TRUNCATE,
    EffectKind.MALFORMED: Cut.MALFORMED,
}
Strikes = Sequence[Strike]

HANG_KEEPS_KEY_SECONDS = 5.0
"""How long an idempotency key stays in progress when its answer hangs for as long as the client does."""


def strike_before(call: CallRecord, context: Context) -> Strikes:
    """Count the call before anything has changed, and return the faults that strike it then."""
    return _strike(call, context, Moment.BEFORE)


def seconds_to_wait(call: CallRecord, strikes: Strikes) -> float:
    """Return how long faults keep a call from going on, if its server can wait."""
    return _delay_of(strikes) if strikes and call.wire is not None else 0.0


def answer_instead(call: CallRecord, contract: Contract, strikes: Strikes) -> Response | None:
    """Return what is answered in place of running the operation, None where it is to run."""
    if not strikes:
        return None
    if call.wire is None and _delay_of(strikes):
        return _not_supported()
    answer = _error_of(contract, strikes)
    hangs = any(strike.fault.effect.kind is EffectKind.HANG for strike in strikes)
    damage = Damage(hangs=hangs, cut=_cut_of(strikes), drip_seconds=_drip_of(strikes) if answer else 0.0)
    if damage == Damage():
        return answer
    return _damaged(call, damage, answer or error_answer(500, "FAULT", "A fault was armed for this call."))


def strike_after(call: CallRecord, contract: Contract, context: Context, response: Response) -> Response:
    """Return what is answered after the operation has run; an answer that refused is left as it is."""
    if not context.merchant.has_faults or response.status_code >= 400:
        return response
    strikes = _strike(call, context, Moment.AFTER)
    if not strikes:
        return response
    answer = _error_of(contract, strikes) or response
    damage = Damage(seconds=_delay_of(strikes), cut=_cut_of(strikes), drip_seconds=_drip_of(strikes))
    damage.hangs = any(strike.fault.effect.kind is EffectKind.HANG for strike in strikes)
    return answer if damage == Damage() else _damaged(call, damage, answer)


def seconds_held(call: CallRecord) -> float:
    """Return how long the answer that was just made is held back by faults."""
    damage = None if call.wire is None else call.wire.damage
    if damage is None:
        return 0.0
    return HANG_KEEPS_KEY_SECONDS if damage.hangs else damage.seconds


def _not_supported() -> Response:
    return error_answer(
        501, "FAULT_NOT_SUPPORTED", "this fault needs the server that `payments-mock serve` starts"
    )


def _strike(call: CallRecord, context: Context, moment: Moment) -> Strikes:
    assert call.facts is not None  # noqa: S101
    strikes = strikes_on(context, moment, call.facts)
    call.faults += [strike.fault.name for strike in strikes]
    return strikes


def _damaged(call: CallRecord, damage: Damage, answer: Response) -> Response:
    if call.wire is None:
        return _not_supported()
    call.wire.damage = damage
    return answer


def _effects(strikes: Strikes, kind: EffectKind) -> list[tuple[Effect, int]]:
    return [(s.fault.effect, s.number) for s in strikes if s.fault.effect.kind is kind]


def _delay_of(strikes: Strikes) -> float:
    seconds = sum(effect.seconds_of(number) for effect, number in _effects(strikes, EffectKind.DELAY))
    return min(seconds, LONGEST_HANG_SECONDS)


def _drip_of(strikes: Strikes) -> float:
    return sum(effect.seconds_of(number) for effect, number in _effects(strikes, EffectKind.DRIP))


def _cut_of(strikes: Strikes) -> Cut | None:
    return next((_CUTS[s.fault.effect.kind] for s in strikes if s.fault.effect.kind in _CUTS), None)


def _error_of(contract: Contract, strikes: Strikes) -> Response | None:
    errors = _effects(strikes, EffectKind.ERROR)
    if not errors:
        return None
    effect = errors[0][0]
    answer = contract.answer_code(effect.code) if effect.code else None
    if answer is None:
        code = effect.code or "FAULT"
        answer = error_answer(effect.status or 500, code, "A fault was armed for this call.")
    if effect.status is not None:
        answer.status_code = effect.status
    if effect.body is not None:
        answer.set_data(effect.body)
    return answer
