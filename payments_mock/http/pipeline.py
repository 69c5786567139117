"""How a call runs, stage by stage, from its key to its answer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flask import Request, Response
from sqlalchemy import Connection

from payments_mock.api.errors import CallError, UnknownKeyError, UnknownPathError, WrongMethodError
from payments_mock.api.operation import Call
from payments_mock.domain.errors import PaymentError, Reason
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import Cause
from payments_mock.http.authentication import check_credentials, read_credentials
from payments_mock.http.fault_injection import (
    Wait,
    answer_instead,
    answer_test_code,
    seconds_held,
    strike_after,
    strike_before,
    waits_before,
    when_hold_ends,
)
from payments_mock.http.idempotency import HEADER, IdempotencyKey, check_length, idempotency_scope
from payments_mock.http.request_facts import facts_of
from payments_mock.services.context import Context, check_owner, in_optimistic_transaction, in_transaction
from payments_mock.services.payments.lifecycle import hold_answer
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.pipeline import OwnerChangedError, Statement
from payments_mock.storage.engine.prepared import OUTAGES, OwnerGoneError
from payments_mock.storage.idempotency import ScopeTakenError

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract, Operation
    from payments_mock.api.wire import CallRecord
    from payments_mock.http.dispatcher import Dispatcher

_REFUSALS = (CallError, PaymentError, OwnerGoneError, *OUTAGES)

REPLAYED = Reason(f"answered as the first call with this {HEADER} was")

Stages = Generator[Wait, None, Response]
"""A running call: it yields each wait that it has to make, and returns its answer."""


def run_call(dispatcher: Dispatcher, record: CallRecord, asked: Request, path: Mapping[str, str]) -> Stages:
    """Answer a call: the stages are those of "How a request runs" in docs/architecture.md, in that order."""
    try:
        return (yield from _run_stages(dispatcher, record, asked, path))
    except OwnerChangedError:
        # Another server changed the sandbox, and nothing was done yet.
        dispatcher.database.forget_owners()
        record.begin_anew()
        return (yield from _run_stages(dispatcher, record, asked, path))


def _run_stages(
    dispatcher: Dispatcher, record: CallRecord, asked: Request, path: Mapping[str, str]
) -> Stages:
    contract, context, answer, database = None, None, None, dispatcher.database
    try:
        credentials = _credentials(record, asked)
        owner, database = dispatcher.recall_caller(record, credentials)
        contract = dispatcher.contract_for(owner, asked)
        context = dispatcher.context_for(check_credentials(credentials, owner), record, database)
        call = Call(asked, path, context.database, record, context)
        operation = _find_operation(call, contract, credentials)
        answer = answer_test_code(record, asked, contract)
        if answer is None:
            effects = strike_before(call)
            waits = waits_before(call, effects, dispatcher.held_calls)
            if waits:
                yield from waits
                context = _look_again(dispatcher, record, credentials, context)
                call.made_for, call.database = context, context.database
            answer = answer_instead(record, contract, effects, waits)
        if answer is None:
            answer = _answer_once(dispatcher, contract, operation, call)
        check_owner(database)
    except _REFUSALS as error:
        contract = contract or dispatcher.contract_for(None, asked)
        answer = contract.present_error(_refusal(dispatcher, record, asked, error, database), record)
    dispatcher.journal.add(record, context, asked, answer)
    return contract.finish(answer, asked)


_OF_A_REPLAY = ":"
"""The credentials of a call that is made again: an empty key, which nobody has."""


def _credentials(record: CallRecord, asked: Request) -> str:
    return _OF_A_REPLAY if record.replay else read_credentials(asked.environ.get("HTTP_AUTHORIZATION"))


def _answer_once(dispatcher: Dispatcher, contract: Contract, operation: Operation, call: Call) -> Response:
    """Run the operation, once for all requests with one idempotency key, and let faults strike its answer."""
    scope = call.record.scope
    if scope is None:
        return _run(dispatcher, contract, operation, call)
    check_length(call.request)
    with IdempotencyKey(dispatcher.claims, call.context, scope) as key:
        if key.in_advance is None:
            key.claim()
        try:
            struck = _replay_or_run(dispatcher, contract, operation, call, key)
        except ScopeTakenError:
            call.record.forget_answer()
            key.claim(is_taken=True)
            struck = _replay_or_run(dispatcher, contract, operation, call, key)
    struck.headers[HEADER] = call.request.headers[HEADER]
    return struck


def _replay_or_run(
    dispatcher: Dispatcher, contract: Contract, operation: Operation, call: Call, key: IdempotencyKey
) -> Response:
    first = key.replay()
    if first is None:
        struck = _run_and_keep(dispatcher, contract, operation, call, key)
        when_hold_ends(call.record, partial(_end_hold, call, key))
        return struck
    if first.status_code >= 400:
        call.record.reason = REPLAYED
    return strike_after(call, contract, first, dispatcher.held_calls)


def _run(dispatcher: Dispatcher, contract: Contract, operation: Operation, call: Call) -> Response:
    """Run a call without a key; faults are counted after its transaction, as there may be many."""
    answer = _validate(dispatcher, contract, operation, call)
    if answer is None and operation.only_looks:
        answer = contract.perform(operation, call)
    elif answer is None:
        answer = _in_transaction(call, partial(contract.perform, operation, call))
    struck = strike_after(call, contract, answer, dispatcher.held_calls)
    if seconds := seconds_held(call.record):
        in_transaction(call.database, partial(hold_answer, call.context, seconds=seconds))
        when_hold_ends(call.record, partial(_end_hold, call))
    return struck


def _run_and_keep(
    dispatcher: Dispatcher, contract: Contract, operation: Operation, call: Call, key: IdempotencyKey
) -> Response:
    """Run a call, and keep its answer in the same transaction, even if its fields were refused."""
    refused = _validate(dispatcher, contract, operation, call)

    def run(connection: Connection) -> Response:
        answer = contract.perform(operation, call, connection) if refused is None else refused
        struck = strike_after(call, contract, answer, dispatcher.held_calls, connection)
        held = seconds_held(call.record)
        key.keep(connection, answer, held)
        if held:
            hold_answer(call.context, connection, held)
        return struck

    return _in_transaction(call, run, key.in_advance)


def _in_transaction(
    call: Call, run: Callable[[Connection], Response], behind: Statement | None = None
) -> Response:
    """Run a call in a transaction, an optimistic one where its answer depends on nothing but payments."""
    if call.context.merchant.has_faults:
        return in_transaction(call.database, run, behind)
    return in_optimistic_transaction(call.database, run, call.record.lose_race, behind)


def _end_hold(call: Call, key: IdempotencyKey | None = None) -> None:
    """End the confirm's time under way, as its answer left before its hold was over."""
    in_transaction(call.database, partial(hold_answer, call.context, seconds=0))
    if key is not None:
        key.end_hold()


def _validate(
    dispatcher: Dispatcher, contract: Contract, operation: Operation, call: Call
) -> Response | None:
    """Return the refusal of a call whose fields are wrong, and note whether they are another contract's."""
    refused, record = contract.validate(operation, call), call.record
    if refused is not None and record.reason is not None:
        for other in dispatcher.contracts.values():
            if other is not contract and other.takes(operation, call):
                why = f"this body is of the {other.name} contract, and the key speaks {contract.name}"
                record.reason = replace(record.reason, message=f"{why}: {record.reason.message}")
    return refused


def _find_operation(call: Call, contract: Contract, credentials: str) -> Operation:
    """Return what a call asks for, and note in its record what is known of it by that."""
    asked, record = call.request, call.record
    rule, method = asked.url_rule, asked.method
    assert rule is not None  # noqa: S101
    methods = contract.methods_by_path.get(rule.rule)
    if methods is None:
        # We serve this path, so it is in another contract.
        why = f"{method} {asked.path} is not in the {contract.name} contract, which this key speaks"
        raise UnknownPathError(f"there is no {asked.path}", Reason(why))
    operation = methods.get("GET" if method == "HEAD" else method)
    if operation is None:
        raise WrongMethodError(method, methods)
    record.operation, record.webhooks.cause = operation.name, Cause.CALL
    # One that is made again brings its scope, as it has no key.
    record.scope = record.scope or idempotency_scope(asked, credentials)
    record.facts = facts_of(operation.name, asked, call.path)
    return operation


def _look_again(dispatcher: Dispatcher, record: CallRecord, credentials: str, before: Context) -> Context:
    """Return the call's context after a wait, as the clock may have been moved meanwhile.

    Raises:
        UnknownKeyError: the sandbox is gone; there may be another one with its key.
    """
    # A deleted sandbox has no journal.
    facts, record.facts = record.facts, None
    owner = check_credentials(credentials, dispatcher.find_caller(record, credentials))
    if _sandbox(owner.merchant) != _sandbox(before.merchant):
        raise UnknownKeyError("the sandbox of this key was deleted")
    record.facts = facts
    return dispatcher.context_for(owner, record)


def _sandbox(merchant: Merchant) -> tuple[object, ...]:
    return merchant.id, merchant.code, merchant.contract


def _refusal(
    dispatcher: Dispatcher, record: CallRecord, asked: Request, error: Exception, database: Database
) -> Exception:
    """Return what the caller is told of an error, and note in the record what it ends."""
    if not isinstance(error, OUTAGES):
        try:
            # A refusal must not rest on a cached owner.
            check_owner(database)
        except OUTAGES as outage:
            error = outage
    if record.wire is not None:
        # The damage was meant for another answer.
        record.wire.damage = None
    if isinstance(error, (OwnerGoneError, *OUTAGES)):
        # This call can't be written to any journal.
        record.facts = None
        is_gone = isinstance(error, OwnerGoneError)
        gone = UnknownKeyError("the merchant of this key was just deleted")
        error = gone if is_gone else dispatcher.unavailable(error, asked)
    return error
