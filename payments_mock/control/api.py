"""All operations of the control API, and the blueprint that serves them."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Request, Response, request
from marshmallow import Schema

from payments_mock.api.bodies import json_answer
from payments_mock.api.errors import CallError, UnknownPathError, WrongMethodError
from payments_mock.api.operation import Api, Call, Operation
from payments_mock.api.wire import current_call
from payments_mock.control import clock, faults, payments, sandboxes, shopper
from payments_mock.control.errors import (
    ANSWERS,
    AccessError,
    ControlCallError,
    answer_of,
    check_access,
    present_error,
)
from payments_mock.control.journal import operations as journal
from payments_mock.control.requests import hint, load_body_strictly, load_strictly
from payments_mock.control.schemas import ControlErrorSchema
from payments_mock.control.webhooks import deliveries as webhook_deliveries
from payments_mock.control.webhooks import endpoints as webhooks
from payments_mock.domain.errors import PaymentError
from payments_mock.domain.values import Cause
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.inspector import beside_orders, exports, orders
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage.engine.prepared import OUTAGES, OwnerGoneError

PREFIX = "/control"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSALS = (ControlCallError, CallError, PaymentError)


class NoFields(Schema):
    """A body or a query without fields."""


def control_api(provider: Dispatcher, token: str | None) -> Blueprint:
    """Make the blueprint that serves the control API of a provider, and refuses all else below `/control`.

    Callers need the `token` where there is one.
    """
    blueprint = Blueprint("control", __name__)
    for path, methods in CONTROL.methods_by_path.items():
        _serve(blueprint, path, _answer_with(methods, provider, token))
    _serve(blueprint, f"{PREFIX}/<path:rest>", _refuse_path(list(CONTROL.methods_by_path), token))
    return blueprint


def _serve(blueprint: Blueprint, path: str, view: Callable[..., Response]) -> None:
    blueprint.add_url_rule(
        path,
        endpoint=path.replace(".", "-"),
        view_func=view,
        methods=METHODS,
        strict_slashes=False,
        provide_automatic_options=False,
    )


def _answer_with(
    methods: Mapping[str, Operation], provider: Dispatcher, token: str | None
) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        record = current_call()
        try:
            check_access(request, token)
            operation = _operation(methods, request)
            record.operation, record.webhooks.cause = operation.name, Cause.CONTROL
            call = Call(request, path, provider.database, record, provider=provider)
            return _carry_out(operation, call)
        except REFUSALS as error:
            return present_error(error, record)
        except OwnerGoneError:
            return present_error(SandboxNotFoundError("the sandbox was just deleted"), record)
        except OUTAGES as error:
            return present_error(provider.unavailable(error, request), record)

    return view


def _operation(methods: Mapping[str, Operation], asked: Request) -> Operation:
    operation = methods.get("GET" if asked.method == "HEAD" else asked.method)
    if operation is None:
        raise WrongMethodError(asked.method, methods)
    return operation


def _carry_out(operation: Operation, call: Call) -> Response:
    call.query = load_strictly(call.request.args, operation.query or NoFields())
    if operation.body is not None:
        call.body = load_body_strictly(call.request, operation.body)
    elif operation.method == "POST":
        call.body = load_body_strictly(call.request, NoFields())
    answer = operation.handle(call)
    return answer if isinstance(answer, Response) else json_answer(answer)


def _refuse_path(paths: list[str], token: str | None) -> Callable[..., Response]:
    def view(rest: str) -> Response:
        try:
            check_access(request, token)
            raise UnknownPathError(f"there is no {request.path}; {hint(f'{PREFIX}/{rest}', paths)}")
        except REFUSALS as error:
            return present_error(error, current_call())

    return view


WEBHOOKS = (*webhooks.OPERATIONS, *webhooks.RULE_OPERATIONS, *webhook_deliveries.OPERATIONS)
CONTROL = Api(
    name="control",
    operations=(
        *sandboxes.OPERATIONS,
        *clock.OPERATIONS,
        *beside_orders.COMING_OPERATIONS,
        *faults.OPERATIONS,
        *journal.OPERATIONS,
        *payments.OPERATIONS,
        *orders.OPERATIONS,
        *beside_orders.STRAY_OPERATIONS,
        *exports.OPERATIONS,
        *sandboxes.REPORT_OPERATIONS,
        *shopper.OPERATIONS,
        *WEBHOOKS,
    ),
    answer_of=answer_of,
    present_error=present_error,
    error_schema=ControlErrorSchema,
    access_errors=tuple(kind for kind in ANSWERS if issubclass(kind, AccessError)),
)
