"""The entry point of every contract: the caller's key decides whose operation a path means."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Protocol

from flask import Flask, Request, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from payments_mock.api.errors import (
    AuthenticationError,
    DatabaseUnavailableError,
    UnknownPathError,
    WrongMethodError,
)
from payments_mock.api.operation import Call, Contract
from payments_mock.api.wire import CallRecord, Replay, Wire, answering, begin_record, current_call
from payments_mock.clock import Clock
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import ContractName, KeyKind, KeyOwner, Merchant
from payments_mock.http.access_log import write_lines
from payments_mock.http.authentication import (
    answer_preflight,
    find_key_owner,
    is_preflight,
    read_credentials,
    recall_key_owner,
)
from payments_mock.http.health import OutageLog
from payments_mock.http.idempotency import Claims
from payments_mock.http.journal import CallJournal
from payments_mock.http.pipeline import Stages, run_call
from payments_mock.http.request_facts import repeated
from payments_mock.ids import Ids
from payments_mock.services.context import Context, PostOffice
from payments_mock.services.faults import HeldCalls
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.prepared import OUTAGES
from payments_mock.storage.journal import JournalEntry

_EXTENSION = "payments_mock"


def dispatcher_of(app: Flask) -> "Dispatcher":
    """Return the dispatcher of `app`."""
    dispatcher: Dispatcher = app.extensions[_EXTENSION]
    return dispatcher


class Hooks(PostOffice, Protocol):
    """The post office of a provider, and what the control API asks of it."""

    def check_target(self, url: str) -> None:
        """Refuse a URL that the settings don't allow webhooks to."""

    def listens_at(self, merchant: Merchant) -> str | None:
        """Return where the settings have a merchant listen, None where they say nothing of it."""

    def watch_deadlines(self) -> None:
        """Announce payments when their time runs out, as a deadline may be nearer than before."""


class Dispatcher:
    """Serves the contracts' paths on a Flask app.

    The `default` contract answers a caller with an unknown key, unless only one contract has the path. If the
    server `is_open`, an unknown test key gets a sandbox.
    """

    def __init__(
        self,
        contracts: Iterable[Contract],
        default: ContractName,
        database: Database,
        clock: Clock,
        ids: Ids,
        journal: CallJournal,
        post: Hooks,
        *,
        is_open: bool = False,
    ) -> None:
        ordered = sorted(contracts, key=lambda contract: contract.name != default)
        self.contracts: Mapping[ContractName, Contract] = {each.name: each for each in ordered}
        self._default = self.contracts[default]
        self.database = database
        self._clock = clock
        self.ids = ids
        self.journal = journal
        self.post = post
        self.held_calls = HeldCalls(database)
        self.claims = Claims(database)
        self._outages = OutageLog()
        self.is_open = is_open

    def attach(self, app: Flask) -> None:
        """Register every path of every contract, and handlers for errors outside of them."""
        methods: dict[str, set[str]] = {}
        for contract in self.contracts.values():
            for path, taken in contract.methods_by_path.items():
                methods.setdefault(path, set()).update(taken)
                if contract.is_for_browsers:
                    methods[path].add("OPTIONS")
        for path in sorted(methods):
            app.add_url_rule(
                path,
                endpoint=path,
                view_func=self._serve,
                methods=methods[path],
                strict_slashes=False,
                provide_automatic_options=False,
            )
        app.register_error_handler(HTTPException, self._answer_http_error)
        for kind in OUTAGES:
            app.register_error_handler(kind, self._answer_outage)
        app.extensions[_EXTENSION] = self
        self._app = app

    def find_caller(self, call: CallRecord, credentials: str) -> KeyOwner | None:
        """Find the caller: the owner of its key, or the merchant of a call that is made again."""
        if call.replay is None:
            return self.find_key_owner(credentials)
        try:
            merchant = find_sandbox(self.database, call.replay.merchant)
        except SandboxNotFoundError:
            return None
        return KeyOwner(merchant, KeyKind.SECRET, call.replay.family)

    def recall_caller(self, call: CallRecord, credentials: str) -> tuple[KeyOwner | None, Database]:
        """Return who makes a call, as it is remembered, and the database with the check of that."""
        if call.replay is None:
            return recall_key_owner(self.database, credentials, is_open=self.is_open)
        return self.find_caller(call, credentials), self.database

    def find_key_owner(self, credentials: str) -> KeyOwner | None:
        """Find the owner of the key before the colon, or of the whole text if there is no colon."""
        return find_key_owner(self.database, credentials, is_open=self.is_open)

    def context_for(self, owner: KeyOwner, call: CallRecord, database: Database | None = None) -> Context:
        """Return the context of a call that came with a key of `owner`, and note the owner in its record.

        `database` is the one with the check of a cached owner.
        """
        merchant = owner.merchant
        call.merchant, call.key_family, call.contract = merchant.code, owner.family, merchant.contract
        return Context(
            merchant,
            database or self.database,
            self._clock,
            self.ids,
            call.reader,
            owner.family,
            call.change,
            call.webhooks,
            self.post,
        )

    def context_of(self, merchant: Merchant, call: CallRecord) -> Context:
        """Return the context of a call that is made on behalf of `merchant`."""
        return self.context_for(KeyOwner(merchant, KeyKind.SECRET, KeyFamily.API), call)

    def contract_of(self, merchant: Merchant) -> Contract:
        """Return the contract that the keys of a merchant speak."""
        return self.contracts[merchant.contract]

    def contract_for(self, owner: KeyOwner | None, asked: Request) -> Contract:
        """Return the contract of a key; for an unknown one, the only one with the path, or the default."""
        if owner is not None:
            return self.contracts[owner.merchant.contract]
        path = asked.url_rule.rule if asked.url_rule else None
        holders = [contract for contract in self.contracts.values() if path in contract.methods_by_path]
        return holders[0] if len(holders) == 1 else self._default

    def _serve(self, **path: str) -> Response:
        # Resolving Flask's proxies is slow; do it once.
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        if is_preflight(asked):
            return answer_preflight(asked)
        call = current_call()
        return self._go_on(call, run_call(self, call, asked, path))

    def _go_on(self, call: CallRecord, stages: Stages) -> Response:
        """Run a call to its answer or its next wait, after which the server resumes it."""
        try:
            seconds, awaited = next(stages)
        except StopIteration as end:
            answer: Response = end.value
            return answer
        return call.pause(seconds, partial(self._go_on, call, stages), awaited)

    def replay(
        self,
        around: Call,
        entry: JournalEntry,
        replay: Replay,
        then: Callable[[CallRecord, CallRecord], Response],
    ) -> Response:
        """Make the call of an entry again within the call `around` it, and answer that by `then`.

        That call waits for what the other has to wait for. `then` gets the records of both.
        """
        outer, body = around.record, entry.details["requestBody"].encode()
        environ = repeated(
            around.request.environ, entry.method, entry.path, entry.details["requestHeaders"], body
        )
        call = begin_record(environ, Wire(body=body) if outer.wire else None, outer.reader.base_url, replay)
        call.webhooks.marked(self.ids)
        within = partial(answering, self._app, environ, call)
        with within() as asked:
            stages = self._replayed(call, outer, run_call(self, call, asked, asked.view_args or {}))
        return _replay_on(outer, within, stages, partial(then, outer, call))

    def _replayed(self, call: CallRecord, outer: CallRecord, stages: Stages) -> Stages:
        """Run a repeated call until its answer would have left; its webhooks leave with that of `outer`."""
        answer = self._app.process_response((yield from stages))
        wire = call.wire
        if wire is not None and outer.wire is not None:
            write_lines(wire.line)
            outer.wire.before, outer.wire.after = wire.before, wire.after
            if wire.damage is not None and not wire.damage.hangs:
                outer.wire.answer_has_left()
                if wire.damage.seconds:
                    yield wire.damage.seconds, None
                if wire.damage.held is not None:
                    yield wire.damage.held.seconds, wire.damage.held
        return answer

    def _answer_http_error(self, error: HTTPException) -> Response:
        return self.answer_http_error(error, request, current_call())

    def answer_http_error(self, error: HTTPException, asked: Request, call: CallRecord) -> Response:
        """Answer an error of Flask's, or a bug of ours, as a contract does."""
        contract = self._contract_of_caller(asked)
        refusal: Exception = error
        if isinstance(error, MethodNotAllowed):
            methods = self._methods_here(contract, asked, error.valid_methods or ())
            refusal = WrongMethodError(asked.method, methods)
        elif error.code == 404:
            refusal = UnknownPathError(f"there is no {asked.path}")
        return contract.finish(contract.present_error(refusal, call), asked)

    def _answer_outage(self, error: Exception) -> Response:
        """Answer a request outside of the contracts, a page for example, when the database is away."""
        refusal = self.unavailable(error, request)
        return self._default.finish(self._default.present_error(refusal, current_call()), request)

    def unavailable(self, error: Exception, asked: Request) -> DatabaseUnavailableError:
        """Log that the database failed a request, and return what its caller is told."""
        self.database.doubt()
        return self._outages.refuse(asked, error)

    def _contract_of_caller(self, asked: Request) -> Contract:
        try:
            owner = self.find_key_owner(read_credentials(asked.headers.get("Authorization")))
        except (AuthenticationError, SQLAlchemyError):
            # The database may be the problem, and the caller must get an answer all the same.
            owner = None
        return self._default if owner is None else self.contracts[owner.merchant.contract]

    def _methods_here(self, contract: Contract, asked: Request, methods: Iterable[str]) -> Iterable[str]:
        """Return the methods that the caller's contract takes on the request's path."""
        adapter = self._app.create_url_adapter(asked)
        assert adapter is not None  # noqa: S101
        # Methods may belong to different rules: `confirm` is a path of its own, and could be a payment key.
        rules = {adapter.match(method=method, return_rule=True)[0].rule for method in methods}
        return {method for rule in rules for method in contract.methods_by_path.get(rule, ())} or methods


def _replay_on(
    outer: CallRecord,
    within: Callable[[], AbstractContextManager[Request]],
    stages: Stages,
    then: Callable[[], Response],
) -> Response:
    """Run a repeated call to its end or its next wait; `outer` waits, too."""
    with within():
        wait = next(stages, None)
    if wait is None:
        return then()
    return outer.pause(wait[0], partial(_replay_on, outer, within, stages, then), wait[1])
