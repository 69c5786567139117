"""Faults: armed, listed with how often each fired, and removed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response
from marshmallow import ValidationError

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Contract, Operation
from payments_mock.control.clock import end_of_period, shown
from payments_mock.control.fault_schemas import (
    Ended,
    EndRequest,
    FaultChange,
    FaultRequest,
    FaultSchema,
    FaultsSchema,
    FaultWithStrikes,
    HeldCallsQuery,
    HeldCallsSchema,
    Removed,
    check_moment,
)
from payments_mock.control.requests import (
    ALWAYS,
    Patience,
    check_code,
    check_operation,
    context_of_sandbox,
    provider_of,
    sandbox_of,
)
from payments_mock.domain import faults as domain
from payments_mock.domain.sandboxes import Merchant
from payments_mock.http.effects import Error
from payments_mock.http.masking import mask_keys
from payments_mock.services import faults as service
from payments_mock.services.context import Context
from payments_mock.services.faults import FaultNotFoundError, FaultTakenError, HeldCallNotFoundError
from payments_mock.services.journal import list_entries
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage.faults import ArmedFault
from payments_mock.storage.journal import JournalFilter


def _arm(call: Call) -> dict[str, Any]:
    sandbox, context = _checked(call), context_of_sandbox(call)
    return present_fault(service.arm_fault(call.database, sandbox, _fault(call.body, context)))


def _checked(call: Call) -> Merchant:
    """Return the sandbox of a call, whose contract has the operation and the code that the body names."""
    sandbox = sandbox_of(call)
    contract = provider_of(call).contract_of(sandbox)
    check_operation(contract, call.body.get("match", {}))
    try:
        check_code(contract, call.body.get("effect", {}))
    except InvalidFieldsError as error:
        raise InvalidFieldsError({"effect": error.errors}) from None
    return sandbox


def _fault(body: Mapping[str, Any], context: Context) -> domain.Fault:
    effect, nth = _effect(body["effect"]), body["match"].get("nth")
    # A fault with a period strikes every call in it, unless the rule says otherwise.
    has_period = body.keys() & {"from", "until", "lasts"} and nth is None
    times = body.get("times", ALWAYS if has_period else 1)
    return domain.Fault(
        name=body.get("name") or f"{effect.kind}-{context.ids.hexadecimal(8)}",
        match=_match(body["match"]),
        moment=body["moment"],
        effect=effect,
        times=None if times == ALWAYS else times,
        skip=body.get("skip", 0) if nth is None else nth - 1,
        begins_at=body.get("from"),
        ends_at=end_of_period(body, context.now()),
    )


_MATCH = {"operation": "operation", "paymentKey": "payment_key", "orderId": "order_id", "amount": "amount"}
_MATCH |= {"headers": "headers"}


def _match(fields: Mapping[str, Any]) -> domain.Match:
    return domain.Match(**{name: fields[said] for said, name in _MATCH.items() if said in fields})


def _effect(fields: Mapping[str, Any]) -> domain.ArmedEffect:
    details = dict(fields)
    return domain.ArmedEffect(details.pop("kind"), details)


def present_fault(armed: ArmedFault) -> dict[str, Any]:
    """Show a fault with how often it met a call and fired."""
    fault = armed.fault
    period = {"from": fault.begins_at, "until": fault.ends_at}
    return {
        "name": fault.name,
        "match": _present_match(fault.match),
        "moment": fault.moment,
        "effect": {"kind": fault.effect.kind, **fault.effect.fields},
        "times": ALWAYS if fault.times is None else fault.times,
        "skip": fault.skip,
        **{name: shown(moment) for name, moment in period.items() if moment is not None},
        "on": fault.is_on,
        "met": armed.met,
        "fired": armed.struck,
    }


def _present_match(match: domain.Match) -> dict[str, Any]:
    meant = {said: getattr(match, name) for said, name in _MATCH.items()}
    return {said: value for said, value in meant.items() if value not in (None, {})}


def _list(call: Call) -> dict[str, Any]:
    found = service.list_faults(call.database, sandbox_of(call))
    return {"faults": [present_fault(armed) for armed in found]}


def _show(call: Call) -> dict[str, Any] | Response:
    sandbox, name = sandbox_of(call), call.path["name"]
    armed = service.find_fault(call.database, sandbox, name)
    provider_of(call).journal.write()
    chosen = JournalFilter(fault=name)
    struck = list_entries(call.database, sandbox, chosen, MOST_STRIKES, newest_first=True)
    strikes = [{"entry": one.id, "at": shown(one.at), "orderId": one.order_id} for one in struck]
    return {**present_fault(armed), "strikes": strikes}


def _change(call: Call) -> dict[str, Any]:
    sandbox, decide = _checked(call), partial(_changed, body=call.body)
    return present_fault(service.change_fault(call.database, sandbox, call.path["name"], decide))


def _changed(fault: domain.Fault, body: Mapping[str, Any]) -> domain.Fault:
    """Return a fault as a body changes it.

    Raises:
        InvalidFieldsError: its effect does not strike at its moment then.
    """
    given = dict(body)
    if "match" in given:
        given["match"] = _match(given["match"])
    if "effect" in given:
        given["effect"] = _effect(given["effect"])
    if given.get("times") == ALWAYS:
        given["times"] = None
    changed = replace(fault, is_on=given.pop("on", fault.is_on), **given)
    try:
        check_moment(changed.effect.kind, changed.moment)
    except ValidationError as error:
        raise InvalidFieldsError({"moment" if "moment" in body else "effect": error.messages}) from None
    return changed


def _remove(call: Call) -> dict[str, Any]:
    service.disarm_fault(call.database, sandbox_of(call), call.path["name"])
    return {"removed": 1}


def _remove_all(call: Call) -> dict[str, Any]:
    return {"removed": service.disarm_all_faults(call.database, sandbox_of(call))}


def _list_held(call: Call) -> dict[str, Any] | Response:
    context, query = context_of_sandbox(call), call.query
    chosen = domain.HeldFilter(fault=query.get("fault"), order_id=query.get("orderId"))
    found = service.list_held_calls(context, chosen)
    if len(found) < query["count"]:
        # Poll, as this process is not told of calls that another process holds.
        held = Patience(call.record).look_again(query["wait"])
        if held is not None:
            return held
    return {"heldCalls": [_present_held(one) for one in found]}


def _end_held(call: Call) -> dict[str, Any]:
    context, body = context_of_sandbox(call), call.body
    chosen = domain.HeldFilter(body.get("id"), body.get("fault"), body.get("orderId"))
    provider = provider_of(call)
    refusal = _refusal(provider.contract_of(context.merchant), call)
    ended = service.end_held_calls(context, chosen, domain.HeldEnd(body["do"], *refusal))
    provider.held_calls.look_now()
    return {"ended": ended}


def _refusal(contract: Contract, call: Call) -> tuple[int | None, str | None]:
    """Return the answer to calls that are refused, as a fault that refuses them would make it."""
    given = {name: call.body[name] for name in ("code", "status") if name in call.body}
    if not given:
        return None, None
    check_code(contract, given)
    answer = Error(given, 1).answer(contract, call.record)
    call.record.outcome = call.record.reason = None
    return answer.status_code, answer.get_data(as_text=True)


def _present_held(held: domain.HeldCall) -> dict[str, Any]:
    return {
        "id": held.id,
        "fault": held.fault,
        "moment": held.moment,
        "operation": held.operation,
        "paymentKey": held.payment_key and mask_keys(held.payment_key),
        "orderId": held.order_id,
        "amount": held.amount,
        "heldAt": shown(held.held_at),
        "until": shown(held.until),
    }


MOST_STRIKES = 100

_ALL = "/control/sandboxes/<sandbox>/faults"
_ONE = f"{_ALL}/<name>"
_HELD = "/control/sandboxes/<sandbox>/held-calls"

OPERATIONS = (
    Operation(
        "arm-fault",
        "POST",
        _ALL,
        "Arm a fault: the calls that match suffer its effect, before or after the state changes",
        _arm,
        body=FaultRequest(),
        answer=FaultSchema,
        errors=(SandboxNotFoundError, FaultTakenError),
    ),
    Operation(
        "list-faults",
        "GET",
        _ALL,
        "List the faults of a sandbox, with how often each met a call and fired",
        _list,
        answer=FaultsSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-faults",
        "DELETE",
        _ALL,
        "Remove all faults of a sandbox",
        _remove_all,
        answer=Removed,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "show-fault",
        "GET",
        _ONE,
        "Show a fault, with how often it met a call and fired, and which calls it struck last",
        _show,
        answer=FaultWithStrikes,
        errors=(SandboxNotFoundError, FaultNotFoundError),
    ),
    Operation(
        "change-fault",
        "PATCH",
        _ONE,
        "Switch a fault off or on, or change which calls suffer what, when and how often; its counts stay",
        _change,
        body=FaultChange(),
        answer=FaultSchema,
        errors=(SandboxNotFoundError, FaultNotFoundError),
    ),
    Operation(
        "remove-fault",
        "DELETE",
        _ONE,
        "Remove a fault",
        _remove,
        answer=Removed,
        errors=(SandboxNotFoundError, FaultNotFoundError),
    ),
    Operation(
        "list-held-calls",
        "GET",
        _HELD,
        "List the calls that the fault `hold` keeps waiting, or wait for them",
        _list_held,
        query=HeldCallsQuery(),
        answer=HeldCallsSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "end-held-calls",
        "POST",
        f"{_HELD}/end",
        "Let calls go that wait, refuse them, or cut their connections: one, some or all",
        _end_held,
        body=EndRequest(),
        answer=Ended,
        errors=(SandboxNotFoundError, HeldCallNotFoundError),
    ),
)
