"""Inject faults into a call, and answer the header that asks for an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import orjson
from flask import Request, Response
from sqlalchemy import Connection

from payments_mock.api.bodies import error_answer, json_answer
from payments_mock.api.errors import UnknownTestCodeError
from payments_mock.api.wire import LONGEST_HANG_SECONDS, NOTHING, WHOLE, Damage, Spoil
from payments_mock.api.wire import Connection as WireConnection
from payments_mock.domain.errors import Reason
from payments_mock.domain.faults import Ending, HeldEnd, Moment, RequestFacts, Strike
from payments_mock.http.base_effects import WHY, Effect
from payments_mock.http.effects import effects_of
from payments_mock.services.faults import HeldCalls, HeldWait, hold_call, strikes_on, strikes_within

if TYPE_CHECKING:
    from payments_mock.api.operation import Call, Contract
    from payments_mock.api.wire import CallRecord


Effects = Sequence[Effect]

HANG_KEEPS_KEY_SECONDS = 5.0
"""How long an idempotency key stays in progress when its answer hangs for as long as the client does."""


def strike_before(call: Call) -> Effects:
    """Count the call before anything changes, and return the effects of the faults that strike it."""
    if not call.context.merchant.has_faults:
        return ()
    return _noted(call.record, strikes_on(call.context, Moment.BEFORE, _facts(call.record)))


Wait = tuple[float, HeldWait | None]
"""How many seconds a call has to wait, and what may end the wait early."""


def waits_before(call: Call, effects: Effects, held_calls: HeldCalls) -> tuple[Wait, ...]:
    """Return the waits that faults put before a call, in order; none if its server can't wait."""
    if not effects or call.record.wire is None:
        return ()
    seconds, held = _delay_of(effects), _hold(call, Moment.BEFORE, effects, held_calls)
    waits: list[Wait] = [(seconds, None)] if seconds else []
    return (*waits, (held.seconds, held)) if held else tuple(waits)


def answer_instead(
    call: CallRecord, contract: Contract, effects: Effects, waits: Sequence[Wait]
) -> Response | None:
    """Return the answer that replaces the operation, or None to run it."""
    if not effects:
        return None
    if call.wire is None and (_delay_of(effects) or _holding(effects)):
        return _not_supported(call)
    ends = [held.end for _, held in waits if held is not None]
    answer = _refusal(call, ends) or _answer_of(call, contract, effects)
    is_cut = any(end.ending is Ending.CUT for end in ends)
    damage = Damage(
        hangs=_hangs(effects),
        spoil=_cut if is_cut else _spoil_of(effects),
        drip_seconds=_drip_of(effects) if answer else 0.0,
        sends=NOTHING if is_cut else _sent_of(effects),
    )
    if damage == Damage():
        return answer
    return _damaged(call, damage, answer or _sent_before(call, effects))


def strike_after(
    call: Call,
    contract: Contract,
    response: Response,
    held_calls: HeldCalls,
    connection: Connection | None = None,
) -> Response:
    """Return the operation's answer as the faults change it; a refusal stays as it is.

    The faults are counted in the transaction that the operation ran in, in one of their own where there was
    none.
    """
    context, record = call.context, call.record
    if not context.merchant.has_faults or response.status_code >= 400:
        return response
    if connection is None:
        strikes = strikes_on(context, Moment.AFTER, _facts(record))
    else:
        strikes = strikes_within(context, connection, Moment.AFTER, _facts(record))
    effects = _noted(record, strikes)
    if not effects:
        return response
    answer = _answer_of(record, contract, effects) or _altered(response, effects)
    damage = Damage(
        _delay_of(effects),
        _hangs(effects),
        _spoil_of(effects),
        _drip_of(effects),
        _sent_of(effects),
        _hold(call, Moment.AFTER, effects, held_calls, connection),
    )
    return answer if damage == Damage() else _damaged(record, damage, answer)


def seconds_held(call: CallRecord) -> float:
    """Return for how many seconds faults hold back the answer that was just made."""
    damage = None if call.wire is None else call.wire.damage
    if damage is None:
        return 0.0
    if damage.hangs:
        return HANG_KEEPS_KEY_SECONDS
    return damage.seconds + (damage.held.seconds if damage.held else 0.0)


def when_hold_ends(call: CallRecord, then: Callable[[], None]) -> None:
    """Call `then` when the answer that was just made is no longer held."""
    damage = None if call.wire is None else call.wire.damage
    if damage is not None and damage.held is not None:
        damage.held.then = then


def _holding(effects: Effects) -> Effect | None:
    return next((effect for effect in effects if effect.hold_seconds()), None)


def _hold(
    call: Call,
    moment: Moment,
    effects: Effects,
    held_calls: HeldCalls,
    connection: Connection | None = None,
) -> HeldWait | None:
    """Begin to hold a call, if an effect holds it and its server can wait."""
    effect = _holding(effects)
    if effect is None or call.record.wire is None:
        return None
    seconds = effect.hold_seconds()
    number = hold_call(call.context, effect.fault, moment, _facts(call.record), seconds, connection)
    return HeldWait(held_calls, number, seconds)


def _refusal(call: CallRecord, ends: Sequence[HeldEnd]) -> Response | None:
    """Return the answer to a held call that somebody refused."""
    for end in ends:
        if end.status is not None:
            content = orjson.loads(end.body or "{}")
            call.outcome, call.reason = content.get("code"), Reason("the call was held, and then refused")
            return json_answer(content, end.status)
    return None


def _cut(_head: bytes, _body: bytes, connection: WireConnection) -> None:
    connection.reset()


def _not_supported(call: CallRecord) -> Response:
    why = "this fault needs the server that `payments-mock serve` starts"
    return error_answer(call, 501, "FAULT_NOT_SUPPORTED", why)


def _facts(call: CallRecord) -> RequestFacts:
    assert call.facts is not None  # noqa: S101
    return call.facts


def _noted(call: CallRecord, strikes: Sequence[Strike]) -> Effects:
    call.strikes += strikes
    return effects_of(strikes)


def _damaged(call: CallRecord, damage: Damage, answer: Response) -> Response:
    if call.wire is None:
        return _not_supported(call)
    call.wire.damage = damage
    return answer


def _delay_of(effects: Effects) -> float:
    return min(sum(effect.delay_seconds() for effect in effects), LONGEST_HANG_SECONDS)


def _drip_of(effects: Effects) -> float:
    return sum(effect.drip_seconds() for effect in effects)


def _altered(response: Response, effects: Effects) -> Response:
    for effect in effects:
        response = effect.alter(response)
    return response


def _sent_before(call: CallRecord, effects: Effects) -> Response:
    """Return the answer that the wire spoils if the operation has not run."""
    spoiling = next((effect for effect in effects if effect.spoils), None)
    return error_answer(call, spoiling.status_before if spoiling else 500, "FAULT", WHY)


def _hangs(effects: Effects) -> bool:
    return any(effect.hangs for effect in effects)


def _spoil_of(effects: Effects) -> Spoil | None:
    return next((effect.spoil for effect in effects if effect.spoils), None)


def _sent_of(effects: Effects) -> str:
    """Return what is sent: nothing of an answer that hangs, half of one that is cut, and so on."""
    if _hangs(effects):
        return NOTHING
    return next((effect.sends for effect in effects if effect.spoils), WHOLE)


def _answer_of(call: CallRecord, contract: Contract, effects: Effects) -> Response | None:
    for effect in effects:
        answer = effect.answer(contract, call)
        if answer is not None:
            call.reason = Reason(f"the fault {effect.fault} was armed for this call")
            return answer
    return None


_VARIABLE = "HTTP_TOSSPAYMENTS_TEST_CODE"
"""The header TossPayments-Test-Code, as the WSGI environment has it."""


def answer_test_code(call: CallRecord, asked: Request, contract: Contract) -> Response | None:
    """Return the answer that the header asks for, None where there is no header.

    Raises:
        UnknownTestCodeError: the contract has no such code.
    """
    code = asked.environ.get(_VARIABLE)
    if not code:
        return None
    answer = contract.answer_code(code, call)
    if answer is None:
        raise UnknownTestCodeError(f"{code} is not a code of the {contract.name} contract")
    call.reason = Reason("asked for by the TossPayments-Test-Code header")
    return answer
