"""An operation, one call of it, and the API that it belongs to: a contract, or the control API."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Request, Response
from marshmallow import Schema
from sqlalchemy import Connection

from payments_mock.api.bodies import json_answer, with_unknown_fields
from payments_mock.api.errors import (
    BodyTooLargeError,
    BrokenBodyError,
    CallError,
    InvalidFieldsError,
    WrongContentTypeError,
)
from payments_mock.api.schemas import load_body, load_fields
from payments_mock.api.wire import CallRecord
from payments_mock.domain.errors import ConfirmUnderwayError, PaymentError
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.sandboxes import ContractName, Switch
from payments_mock.domain.values import immutable
from payments_mock.services.context import Context, Database


@dataclass(slots=True)
class Call:
    """One call of an operation; its query and body are filled in once they are checked.

    `record` is what is known of it. `made_for` is the context of the merchant whose key came with it, None
    where none had to. `provider` is who answers operations of the control API, which read it by
    `provider_of`. `transaction` is the connection of the one that a contract's operation runs in, None where
    it only looks.
    """

    request: Request
    path: Mapping[str, str]
    database: Database
    record: CallRecord
    made_for: Context | None = None
    provider: object = None
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    transaction: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection of the transaction that an operation of a contract runs in, unless it only looks."""
        assert self.transaction is not None  # noqa: S101
        return self.transaction

    @property
    def context(self) -> Context:
        """Return the context of the merchant whose key came with the call.

        Raises:
            LookupError: the operation takes no merchant's key.
        """
        if self.made_for is None:
            raise LookupError(f"{self.request.path} is called without a merchant's key")
        return self.made_for


_ERRORS_OF_A_BODY = (WrongContentTypeError, BodyTooLargeError, BrokenBodyError, InvalidFieldsError)


Answer = Mapping[str, Any] | list[dict[str, Any]] | Response


@immutable
class Operation:
    """What an operation takes and answers, and its errors.

    `path` is a Flask rule. `handle` returns what becomes the answer's JSON, or a whole answer.
    `error_answers` are the schemas of errors with more fields than usual, by status.
    Only the reference reads the schemas of answers, so it makes them.
    """

    name: str
    method: str
    path: str
    summary: str
    handle: Callable[[Call], Answer]
    answer: Callable[[], Schema] | None
    body: Schema | None = None
    query: Schema | None = None
    errors: tuple[type[Exception], ...] = ()
    error_answers: Mapping[int, type[Schema]] = field(default_factory=dict)

    @property
    def only_looks(self) -> bool:
        """Whether it only reads, so that it needs no transaction."""
        return self.method == "GET"


@immutable
class Api:
    """A set of operations, and how their calls are refused.

    `answer_of` tells the status and code of a kind of error, and `present_error` makes an answer of one for a
    call, in whose record it is noted;
    `error_schema` is the shape of most of them. `access_errors` are the kinds that any caller can meet.
    """

    name: str
    operations: tuple[Operation, ...]
    answer_of: Callable[[type[Exception]], tuple[int, str]]
    present_error: Callable[[Exception, CallRecord], Response]
    error_schema: type[Schema]
    access_errors: tuple[type[Exception], ...]

    def errors_of_a_call(self, operation: Operation) -> tuple[type[Exception], ...]:
        """Return the errors that any call of `operation` can meet before its use case runs."""
        of_the_query = (InvalidFieldsError,) if operation.query else ()
        return (*self.access_errors, *of_the_query, *(_ERRORS_OF_A_BODY if operation.body else ()))

    @cached_property
    def methods_by_path(self) -> Mapping[str, Mapping[str, Operation]]:
        """The operations by path, then by method."""
        table: dict[str, dict[str, Operation]] = {}
        for operation in self.operations:
            table.setdefault(operation.path, {})[operation.method] = operation
        return table


def _shows_unknown_fields(call: Call) -> bool:
    return Switch.UNKNOWN_FIELDS in call.context.merchant.switches


@immutable
class Contract(Api):
    """The wire contract that the keys of a merchant speak.

    `answer_code` answers one of its `codes`, and None is what it has for any other. `present_payment` shows
    a payment to its merchant. `finish` adds the headers that every answer to a request has.
    `is_for_browsers` says whether pages of other origins may call.
    """

    name: ContractName
    answer_code: Callable[[str, CallRecord], Response | None]
    codes: Callable[[], Collection[str]]
    present_payment: Callable[[Context, Payment], Mapping[str, Any]]
    finish: Callable[[Response, Request], Response] = lambda response, _: response
    is_for_browsers: bool = False

    def validate(self, operation: Operation, call: Call) -> Response | None:
        """Read the query and the body; returns the refusal if they are wrong, which a key keeps, too.

        An empty parameter of the query counts as absent.
        """
        try:
            if operation.query:
                asked = {name: value for name, value in call.request.args.items() if value}
                call.query = load_fields(asked, operation.query)
            if operation.body:
                call.body = load_body(call.request, operation.body)
        except CallError as error:
            return self.present_error(error, call.record)
        return None

    def takes(self, operation: Operation, call: Call) -> bool:
        """Tell whether the body fits this contract's operation at the same path and method."""
        twin = self.methods_by_path.get(operation.path, {}).get(operation.method)
        if twin is None or twin.body is None:
            return False
        try:
            load_body(call.request, twin.body)
        except CallError:
            return False
        return True

    def perform(self, operation: Operation, call: Call, connection: Connection | None = None) -> Response:
        """Run the operation, in the transaction of `connection` unless it only looks.

        What it refuses is answered here, so that an idempotency key keeps it too.

        Raises:
            ConfirmUnderwayError: another call is about to decide.
        """
        call.transaction = connection
        try:
            answer = operation.handle(call)
        except ConfirmUnderwayError:
            # No idempotency key may keep this: the same call may succeed in a moment.
            raise
        except (CallError, PaymentError) as error:
            return self.present_error(error, call.record)
        if isinstance(answer, Response):
            return answer
        return json_answer(with_unknown_fields(answer) if _shows_unknown_fields(call) else answer)
