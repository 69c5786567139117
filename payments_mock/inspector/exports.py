"""A sandbox as a report of a bug: its calls as HAR, and its orders with scenarios that run again."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Response
from marshmallow import Schema, fields, validate

from payments_mock._version import __version__
from payments_mock.api.operation import Call, Operation
from payments_mock.control.clock import ClockSchema, present_clock
from payments_mock.control.fault_schemas import FaultSchema
from payments_mock.control.faults import present_fault
from payments_mock.control.journal.searches import await_written, present_entry
from payments_mock.control.requests import context_of_sandbox
from payments_mock.inspector.orders import tell_order
from payments_mock.inspector.verdicts import OrderStorySchema
from payments_mock.services.faults import list_faults
from payments_mock.services.journal import list_newest_entries
from payments_mock.services.payments.lookup import list_newest_orders
from payments_mock.services.sandboxes import SandboxNotFoundError

MOST_CALLS: Final = 1000
HAR_VERSION: Final = "1.2"
_UNKNOWN_SIZE: Final = -1


class ExportQuery(Schema):
    """How many orders are told."""

    orders = fields.Integer(validate=validate.Range(min=1, max=200), load_default=50)


class SandboxExport(Schema):
    """What somebody needs to see what happened in a sandbox, and to let it happen again.

    `har` is an HTTP Archive of its newest 1,000 calls, which browsers and other tools open.
    """

    version = fields.String(required=True)
    contract = fields.String(required=True)
    clock = fields.Nested(ClockSchema, required=True)
    faults = fields.List(fields.Nested(FaultSchema), required=True)
    orders = fields.List(fields.Nested(OrderStorySchema), required=True)
    har = fields.Dict(required=True)


def _export(call: Call) -> dict[str, Any] | Response:
    context = context_of_sandbox(call)
    held = await_written(call)
    if held is not None:
        return held
    entries = list_newest_entries(call.database, context.merchant, 0, MOST_CALLS)
    orders = list_newest_orders(context, call.query["orders"])
    return {
        "version": __version__,
        "contract": context.merchant.contract,
        "clock": present_clock(context),
        "faults": [present_fault(armed) for armed in list_faults(call.database, context.merchant)],
        "orders": [tell_order(context, order.order_id) for order in orders],
        "har": har_of([present_entry(entry) for entry in entries], context.reader.base_url),
    }


def har_of(entries: list[dict[str, Any]], base_url: str) -> dict[str, Any]:
    """Write entries of the journal as an HTTP Archive."""
    creator = {"name": "payments-mock", "version": __version__}
    calls = [_har_entry(entry, base_url) for entry in entries]
    return {"log": {"version": HAR_VERSION, "creator": creator, "entries": calls}}


def _har_entry(entry: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    sent, told = entry["request"], entry["response"]
    request = {
        "method": entry["method"],
        "url": base_url + entry["path"],
        "queryString": _pairs(parse_qsl(urlsplit(entry["path"]).query)),
        **_message(sent["headers"]),
    }
    if sent["body"]:
        request["postData"] = {"mimeType": _type(sent["headers"]), "text": sent["body"]}
    content = {"size": len(told["body"].encode()), "mimeType": _type(told["headers"]), "text": told["body"]}
    response = {
        "status": entry["status"],
        "statusText": HTTPStatus(entry["status"]).phrase,
        "content": content,
        "redirectURL": "",
        **_message(told["headers"]),
    }
    return {
        "startedDateTime": entry["receivedAt"],
        "time": entry["milliseconds"],
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": entry["milliseconds"], "receive": 0},
        "comment": _comment(entry),
    }


def _message(headers: Mapping[str, str]) -> dict[str, Any]:
    sizes = {"headersSize": _UNKNOWN_SIZE, "bodySize": _UNKNOWN_SIZE}
    return {"httpVersion": "HTTP/1.1", "cookies": [], "headers": _pairs(headers.items()), **sizes}


def _pairs(pairs: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _comment(entry: Mapping[str, Any]) -> str:
    """Say what HAR has no field for: the operation, what a fault did, and what went to the wire."""
    struck = f", struck by {', '.join(entry['faults'])}, sent {entry['sent']}" if entry["faults"] else ""
    return f"{entry['operation']}{struck}"


OPERATIONS = (
    Operation(
        "export-sandbox",
        "GET",
        "/control/sandboxes/<sandbox>/export",
        "Write a sandbox down for a report of a bug: its calls as HAR, its orders with scenarios that run",
        _export,
        query=ExportQuery(),
        answer=SandboxExport,
        errors=(SandboxNotFoundError,),
    ),
)
