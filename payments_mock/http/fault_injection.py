"""What a test does to a call: faults that strike it, and the header that asks for an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Request, Response
from sqlalchemy import Connection

from payments_mock.api.bodies import error_answer
from payments_mock.api.errors import UnknownTestCodeError
from payments_mock.api.wire import LONGEST_HANG_SECONDS, NOTHING, WHOLE, Damage, Spoil
from payments_mock.domain.errors import Reason
from payments_mock.domain.faults import Moment, RequestFacts, Strike
from payments_mock.http.effects import WHY, Effect, effects_of
from payments_mock.services.context import Context
from payments_mock.services.faults import strikes_on, strikes_within

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract
    from payments_mock.api.wire import CallRecord


Effects = Sequence[Effect]

HANG_KEEPS_KEY_SECONDS = 5.0
"""How long an idempotency key stays in progress when its answer hangs for as long as the client does."""


def strike_before(call: CallRecord, context: Context) -> Effects:
    """Count the call before anything has changed, and return the faults that strike it then."""
    return _noted(call, strikes_on(context, Moment.BEFORE, _facts(call)))


def seconds_to_wait(call: CallRecord, effects: Effects) -> float:
    """Return how long faults keep a call from going on, if its server can wait."""
    return _delay_of(effects) if effects and call.wire is not None else 0.0


def answer_instead(call: CallRecord, contract: Contract, effects: Effects) -> Response | None:
    """Return what is answered in place of running the operation, None where it is to run."""
    if not effects:
        return None
    if call.wire is None and _delay_of(effects):
        return _not_supported()
    answer = _answer_of(call, contract, effects)
    damage = Damage(
        hangs=_hangs(effects),
        spoil=_spoil_of(effects),
        drip_seconds=_drip_of(effects) if answer else 0.0,
        sends=_sent_of(effects),
    )
    if damage == Damage():
        return answer
    return _damaged(call, damage, answer or _sent_before(effects))


def strike_after(
    call: CallRecord,
    contract: Contract,
    context: Context,
    response: Response,
    connection: Connection | None = None,
) -> Response:
    """Return what is answered after the operation has run; an answer that refused is left as it is.

    The faults are counted in the transaction that the operation ran in, in one of their own where there was
    none.
    """
    if not context.merchant.has_faults or response.status_code >= 400:
        return response
    if connection is None:
        strikes = strikes_on(context, Moment.AFTER, _facts(call))
    else:
        strikes = strikes_within(context, connection, Moment.AFTER, _facts(call))
    effects = _noted(call, strikes)
    if not effects:
        return response
    answer = _answer_of(call, contract, effects) or _altered(response, effects)
    damage = Damage(
        _delay_of(effects), _hangs(effects), _spoil_of(effects), _drip_of(effects), _sent_of(effects)
    )
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


def _facts(call: CallRecord) -> RequestFacts:
    assert call.facts is not None  # noqa: S101
    return call.facts


def _noted(call: CallRecord, strikes: Sequence[Strike]) -> Effects:
    if strikes:
        call.faults += [strike.fault.name for strike in strikes]
        kinds = [strike.fault.effect.kind for strike in strikes]
        call.fault = ",".join([call.fault, *kinds] if call.fault else kinds)
    return effects_of(strikes)


def _damaged(call: CallRecord, damage: Damage, answer: Response) -> Response:
    if call.wire is None:
        return _not_supported()
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


def _sent_before(effects: Effects) -> Response:
    """Return what the wire is to spoil where the operation has not run."""
    spoiling = next((effect for effect in effects if effect.spoils), None)
    return error_answer(spoiling.status_before if spoiling else 500, "FAULT", WHY)


def _hangs(effects: Effects) -> bool:
    return any(effect.hangs for effect in effects)


def _spoil_of(effects: Effects) -> Spoil | None:
    return next((effect.spoil for effect in effects if effect.spoils), None)


def _sent_of(effects: Effects) -> str:
    """Return what goes to the wire: nothing of an answer that hangs, half of one that is cut, and so on."""
    if _hangs(effects):
        return NOTHING
    return next((effect.sends for effect in effects if effect.spoils), WHOLE)


def _answer_of(call: CallRecord, contract: Contract, effects: Effects) -> Response | None:
    answers = (effect.answer(contract) for effect in effects)
    answer = next((answer for answer in answers if answer is not None), None)
    if answer is not None:
        call.reason = Reason(f"the fault {call.faults[-1]} was armed for this call")
    return answer


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
    answer = contract.answer_code(code)
    if answer is None:
        raise UnknownTestCodeError(f"{code} is not a code of the {contract.name} contract")
    call.reason = Reason("asked for by the TossPayments-Test-Code header")
    return answer
