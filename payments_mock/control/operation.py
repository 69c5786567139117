"""What an operation of the control API is: a row that says what it takes, gives, and can refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from flask import Request, Response
from marshmallow import Schema, fields

from payments_mock.control.errors import ANSWERS, AccessError, answer_of
from payments_mock.domain.merchant import Merchant
from payments_mock.http import errors as http
from payments_mock.http.call_record import current_call
from payments_mock.http.gateway import context_of
from payments_mock.services.context import Context
from payments_mock.services.sandboxes import find_sandbox

NAME: Final = "control"
_ERRORS_OF_A_BODY = (
    http.WrongContentTypeError,
    http.BodyTooLargeError,
    http.BrokenBodyError,
    http.InvalidFieldsError,
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is allowed, with its query and body read and checked."""

    request: Request
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Mapping[str, Any]

    def sandbox(self) -> Merchant:
        """Return the sandbox that the path names.

        Raises:
            SandboxNotFoundError: there is none of this id.
        """
        sandbox = find_sandbox(self.path["sandbox"])
        current_call().merchant = sandbox.code
        return sandbox

    def context(self) -> Context:
        """Return the circumstances of a call on behalf of the sandbox that the path names.

        Raises:
            SandboxNotFoundError: there is none of this id.
        """
        return context_of(self.sandbox())


@dataclass(frozen=True)
class Operation:
    """One row: what is called, what it takes and gives, and which errors it can answer.

    `path` is a Flask rule. `handle` returns what becomes the answer's JSON, or a whole answer.
    """

    name: str
    method: str
    path: str
    summary: str
    handle: Callable[[Call], Mapping[str, Any] | Response]
    answer: Schema
    body: Schema | None = None
    query: Schema | None = None
    errors: tuple[type[Exception], ...] = ()
    error_answers: Mapping[int, Schema] = field(default_factory=dict)
    """The shapes of errors, by status, that tell more than others do."""


class Error(Schema):
    """Why a call was refused, and by field what would be right."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    errors = fields.Dict()


@dataclass(frozen=True)
class ControlApi:
    """The operations of the control API, as the reference shows them."""

    operations: tuple[Operation, ...]
    name: str = NAME
    error_schema: Schema = Error()  # noqa: RUF009

    @staticmethod
    def answer_of(kind: type[Exception]) -> tuple[int, str]:
        """Return the status and the code that stand for a kind of error."""
        return answer_of(kind)

    @staticmethod
    def errors_of_a_call(operation: Operation) -> tuple[type[Exception], ...]:
        """Return the kinds of error that any call of `operation` can meet before it is carried out."""
        access = tuple(kind for kind in ANSWERS if issubclass(kind, AccessError))
        query = (http.InvalidFieldsError,) if operation.query else ()
        return (*access, *(_ERRORS_OF_A_BODY if operation.body else query))

    @cached_property
    def methods_by_path(self) -> Mapping[str, Mapping[str, Operation]]:
        """The operations by path, then by method."""
        table: dict[str, dict[str, Operation]] = {}
        for operation in self.operations:
            table.setdefault(operation.path, {})[operation.method] = operation
        return table
