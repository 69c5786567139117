"""Faults: armed, listed with how often each fired, and removed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, current_app
from marshmallow import ValidationError

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.operation import Call, Contract, Operation
from payments_mock.api.wire import current_call
from payments_mock.control.clock import moment_after, shown
from payments_mock.control.fault_schemas import (
    ALWAYS,
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
)
from payments_mock.control.requests import (
    Patience,
    check_code,
    check_operation,
    context_of_sandbox,
    sandbox_of,
)
from payments_mock.domain import faults as domain
from payments_mock.http.dispatcher import contract_of, held_calls_of, ids_of, journal_of
from payments_mock.http.effects import Error
from payments_mock.http.masking import mask_keys
from payments_mock.services import faults as service
from payments_mock.services.faults import FaultNotFoundError, FaultTakenError, HeldCallNotFoundError
from payments_mock.services.journal import list_entries
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage.faults import ArmedFault
from payments_mock.storage.journal import JournalFilter


def _arm(call: Call) -> dict[str, Any]:
    sandbox = sandbox_of(call)
    contract = contract_of(sandbox)
    check_operation(contract, call.body["match"])
    try:
        check_code(contract, call.body["effect"])
    except InvalidFieldsError as error:
        raise InvalidFieldsError({"effect": error.errors}) from None
    return present_fault(
        service.arm_fault(call.database, sandbox, _fault(call.body, context_of_sandbox(call).now()))
    )


def _fault(body: Mapping[str, Any], now: datetime) -> domain.Fault:
    match, fields = dict(body["match"]), dict(body["effect"])
    effect = domain.ArmedEffect(fields.pop("kind"), fields)
    nth = match.pop("nth", None)
    # What goes on for a while concerns every call in that time, unless the rule says otherwise.
    has_period = body.keys() & {"from", "until", "lasts"} and nth is None
    times = body.get("times", ALWAYS if has_period else 1)
    name = body.get("name") or f"{effect.kind}-{ids_of(current_app).hexadecimal(8)}"
    return domain.Fault(
        name=name,
        match=_match(match),
        moment=body["moment"],
        effect=effect,
        times=None if times == ALWAYS else times,
        skip=body.get("skip", 0) if nth is None else nth - 1,
        begins_at=body.get("from"),
        ends_at=_end(body, now),
    )


def _end(body: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return when a fault ends that is armed now, None where it does not."""
    begin, end = body.get("from") or now, body.get("until")
    if "lasts" in body:
        try:
            return moment_after(begin, body["lasts"])
        except ValidationError as error:
            raise InvalidFieldsError({"lasts": error.messages}) from None
    if end is not None and end <= now:
        raise InvalidFieldsError({"until": [f"Must be later than the sandbox's now, {shown(now)}."]})
    return end


def _match(fields: Mapping[str, Any]) -> domain.Match:
    return domain.Match(
        operation=fields.get("operation"),
        payment_key=fields.get("paymentKey"),
        order_id=fields.get("orderId"),
        amount=fields.get("amount"),
        headers=fields.get("headers", {}),
    )


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
    said = {
        "operation": match.operation,
        "paymentKey": match.payment_key,
        "orderId": match.order_id,
        "amount": match.amount,
        "headers": match.headers or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _list(call: Call) -> dict[str, Any]:
    return {
        "faults": [present_fault(armed) for armed in service.list_faults(call.database, sandbox_of(call))]
    }


def _show(call: Call) -> dict[str, Any] | Response:
    sandbox, name = sandbox_of(call), call.path["name"]
    armed = service.find_fault(call.database, sandbox, name)
    journal_of(current_app).write()
    chosen = JournalFilter(fault=name)
    struck = list_entries(call.database, sandbox, chosen, MOST_STRIKES, newest_first=True)
    strikes = [{"entry": one.id, "at": shown(one.at), "orderId": one.order_id} for one in struck]
    return {**present_fault(armed), "strikes": strikes}


def _change(call: Call) -> dict[str, Any]:
    body, given = call.body, call.body.keys()
    changes: dict[str, Any] = {name: body[field] for field, name in _CHANGED.items() if field in given}
    if changes.get("times") == ALWAYS:
        changes["times"] = None
    return present_fault(service.change_fault(call.database, sandbox_of(call), call.path["name"], changes))


_CHANGED = {"on": "is_on", "times": "times", "skip": "skip"}


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
        # Look again, as this process is not told of calls that another one holds.
        held = Patience().look_again(query["wait"])
        if held is not None:
            return held
    return {"heldCalls": [_present_held(one) for one in found]}


def _end_held(call: Call) -> dict[str, Any]:
    context, body = context_of_sandbox(call), call.body
    chosen = domain.HeldFilter(body.get("id"), body.get("fault"), body.get("orderId"))
    end = domain.HeldEnd(body["do"], *_refusal(contract_of(context.merchant), body))
    ended = service.end_held_calls(context, chosen, end)
    held_calls_of(current_app).look_now()
    return {"ended": ended}


def _refusal(contract: Contract, body: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Return the answer to calls that are refused, as a fault that refuses them would make it."""
    given = {name: body[name] for name in ("code", "status") if name in body}
    if not given:
        return None, None
    check_code(contract, given)
    answer = Error(given, 1).answer(contract)
    call = current_call()
    call.outcome = call.reason = None
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
        answer=FaultSchema(),
        errors=(SandboxNotFoundError, FaultTakenError),
    ),
    Operation(
        "list-faults",
        "GET",
        _ALL,
        "List the faults of a sandbox, with how often each met a call and fired",
        _list,
        answer=FaultsSchema(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "remove-faults",
        "DELETE",
        _ALL,
        "Remove all faults of a sandbox",
        _remove_all,
        answer=Removed(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "show-fault",
        "GET",
        _ONE,
        "Show a fault, with how often it met a call and fired, and which calls it struck last",
        _show,
        answer=FaultWithStrikes(),
        errors=(SandboxNotFoundError, FaultNotFoundError),
    ),
    Operation(
        "change-fault",
        "PATCH",
        _ONE,
        "Switch a fault off or on, or change how often it strikes; what it has counted stays",
        _change,
        body=FaultChange(),
        answer=FaultSchema(),
        errors=(SandboxNotFoundError, FaultNotFoundError),
    ),
    Operation(
        "remove-fault",
        "DELETE",
        _ONE,
        "Remove a fault",
        _remove,
        answer=Removed(),
        errors=(SandboxNotFoundError, FaultNotFoundError),
    ),
    Operation(
        "list-held-calls",
        "GET",
        _HELD,
        "List the calls that the fault `hold` keeps waiting, or wait for them",
        _list_held,
        query=HeldCallsQuery(),
        answer=HeldCallsSchema(),
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "end-held-calls",
        "POST",
        f"{_HELD}/end",
        "Let calls go that wait, refuse them, or cut their connections: one, some or all",
        _end_held,
        body=EndRequest(),
        answer=Ended(),
        errors=(SandboxNotFoundError, HeldCallNotFoundError),
    ),
)
