"""All operations of the control API, and the blueprint that serves them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema

from payments_mock.api.bodies import json_answer
from payments_mock.api.errors import CallError, UnknownPathError, WrongMethodError
from payments_mock.api.operation import Api, Call, Operation
from payments_mock.api.wire import current_call
from payments_mock.control import CONTROL_TOKEN, clock, faults, payments, sandboxes, shopper
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
from payments_mock.http.health import unavailable
from payments_mock.inspector import beside_orders, exports, orders
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage.engine.database import database_of
from payments_mock.storage.engine.prepared import OUTAGES, OwnerGoneError

PREFIX = "/control"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
REFUSALS = (ControlCallError, CallError, PaymentError)


class NoFields(Schema):
    """Nothing at all."""


def blueprint_for(api: Api) -> Blueprint:
    """Make the blueprint that serves the operations of `api`, and refuses all else below `/control`."""
    blueprint = Blueprint("control", __name__)
    for path, methods in api.methods_by_path.items():
        _serve(blueprint, path, _answer_with(methods))
    _serve(blueprint, f"{PREFIX}/<path:rest>", _refuse_path(list(api.methods_by_path)))
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


def _answer_with(methods: Mapping[str, Operation]) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        try:
            check_access(request, current_app.config[CONTROL_TOKEN])
            operation = _operation(methods)
            call = current_call()
            call.operation, call.webhooks.cause = operation.name, Cause.CONTROL
            return _carry_out(operation, path)
        except REFUSALS as error:
            return present_error(error)
        except OwnerGoneError:
            return present_error(SandboxNotFoundError("the sandbox was just deleted"))
        except OUTAGES as error:
            return present_error(unavailable(database_of(current_app), error))

    return view


def _operation(methods: Mapping[str, Operation]) -> Operation:
    operation = methods.get("GET" if request.method == "HEAD" else request.method)
    if operation is None:
        raise WrongMethodError(request.method, methods)
    return operation


def _carry_out(operation: Operation, path: Mapping[str, str]) -> Response:
    query = load_strictly(request.args, operation.query or NoFields())
    body: dict[str, Any] = {}
    if operation.body is not None:
        body = load_body_strictly(request, operation.body)
    elif operation.method == "POST":
        body = load_body_strictly(request, NoFields())
    answer = operation.handle(Call(request, path, database_of(current_app), query=query, body=body))
    return answer if isinstance(answer, Response) else json_answer(answer)


def _refuse_path(paths: list[str]) -> Callable[..., Response]:
    def view(rest: str) -> Response:
        try:
            check_access(request, current_app.config[CONTROL_TOKEN])
            raise UnknownPathError(f"there is no {request.path}; {hint(f'{PREFIX}/{rest}', paths)}")
        except REFUSALS as error:
            return present_error(error)

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
    error_schema=ControlErrorSchema(),
    access_errors=tuple(kind for kind in ANSWERS if issubclass(kind, AccessError)),
)

control_api = blueprint_for(CONTROL)
