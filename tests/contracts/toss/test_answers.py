"""Every operation answers exactly the fields that its schema promises, on every level."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marshmallow import RAISE, Schema, fields
from werkzeug.test import TestResponse

from payments_mock.api.operation import Operation
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.contracts.toss.payments import StartRequest
from testkit.inside.toss_sales import check_out
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.fidelity import inner, request_objects

LATER = {"startDate": "2023-01-01", "endDate": "2034-12-31"}


def confirm_by_older_path(stage: Stage) -> TestResponse:
    begun = check_out(stage.toss)
    asked = {"orderId": begun["orderId"], "amount": begun["amount"]}
    return stage.post(f"/v1/payments/{begun['paymentKey']}", asked)


def look_up_by_order(stage: Stage) -> TestResponse:
    begun = check_out(stage.toss)
    return stage.toss.get_by_order(begun["orderId"])


def delete(stage: Stage) -> TestResponse:
    billing = stage.register_card().get_json()
    return stage.toss.call("DELETE", f"/v1/billing/{billing['billingKey']}")


def settle(stage: Stage) -> TestResponse:
    stage.toss.cancel(stage.paid(), cancelAmount=1_000)
    stage.refund(stage.deposited())
    for method in ("EASY_PAY", "MOBILE_PHONE", "TRANSFER", "BOOK_GIFT_CERTIFICATE"):
        stage.paid(method=method)
    stage.clock.advance(days=1)
    return stage.list("settlements", **LATER)


def transact(stage: Stage) -> TestResponse:
    stage.toss.cancel(stage.paid(), cancelAmount=1_000)
    return stage.list("transactions", **LATER)


def cancel_receipt(stage: Stage) -> TestResponse:
    receipt = stage.issue_receipt().get_json()
    return stage.post(f"/v1/cash-receipts/{receipt['receiptKey']}/cancel", {})


def list_receipts(stage: Stage) -> TestResponse:
    requested = stage.issue_receipt().get_json()["requestedAt"][:10]
    return stage.toss.call("GET", "/v1/cash-receipts", query_string={"requestDate": requested})


CALLS: dict[str, Callable[[Stage], TestResponse]] = {
    "start": lambda stage: stage.post("/v1/payments", StartRequest.example | {"orderId": unused("started")}),
    "confirm": lambda stage: stage.confirm(),
    "old-confirm": confirm_by_older_path,
    "get": lambda stage: stage.toss.get(stage.paid()),
    "get-by-order": look_up_by_order,
    "cancel": lambda stage: stage.toss.cancel(stage.paid(), cancelAmount=1_000),
    "key-in": lambda stage: stage.key_in(),
    "billing-issue": lambda stage: stage.issue_billing(stage.authorization(method="카드")),
    "billing-card": lambda stage: stage.register_card(),
    "billing-pay": lambda stage: stage.charge(stage.register_card().get_json()),
    "billing-delete": delete,
    "virtual-account": lambda stage: stage.issue_account(),
    "cash-receipt": lambda stage: stage.issue_receipt(),
    "cancel-cash-receipt": cancel_receipt,
    "cash-receipts": list_receipts,
    "transactions": transact,
    "settlements": settle,
    "request-settlement": lambda stage: stage.post("/v1/settlements", {"paymentKey": stage.paid()}),
    "card-promotions": lambda stage: stage.toss.call("GET", "/v1/promotions/card"),
    "promotions": lambda stage: stage.toss.call("GET", "/v1/promotions"),
}


WITHOUT_MOMENTS = {"billing-delete", "request-settlement", "card-promotions", "promotions"}
"""Operations that tell of no moment; offers end with a day."""


def assert_whole(content: Any, schema: Schema) -> None:
    """Check that an object has all fields of its schema and no other, and so have the objects in it."""
    if schema.many:
        assert content, "an empty list shows nothing"
        for member in content:
            assert_whole(member, type(schema)())
        return
    assert content.keys() == schema.fields.keys()
    for name, field in schema.fields.items():
        part = inner(field)
        if isinstance(part, fields.Nested) and content[name] is not None:
            members = content[name] if isinstance(content[name], list) else [content[name]]
            for member in members:
                assert_whole(member, type(part.schema)())


WITH_BODY = [operation for operation in TOSS_CONTRACT.operations if operation.body and operation.body.fields]


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.name)
def test_null_counts_as_absent_in_every_field_that_may_be_left_out(operation: Operation) -> None:
    body, example = operation.body, getattr(operation.body, "example", {})
    assert body is not None
    left_out = [name for name, field in body.fields.items() if not field.required]
    asked = {name: value for name, value in example.items() if name not in left_out}

    assert body.load({**asked, **dict.fromkeys(left_out)}) == body.load(asked)


def test_null_counts_as_absent_inside_of_objects_too() -> None:
    for name, schema in request_objects().items():
        for field_name, field in schema.fields.items():
            assert field.required or field.allow_none or name.endswith("Query"), f"{name}.{field_name}"


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT.*")
ON_THE_KOREAN_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00")


def moments_in(content: Any) -> Iterator[str]:
    """Find every text in an answer that is a moment."""
    members = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for member in members:
        yield from moments_in(member)
    if isinstance(content, str) and MOMENT.fullmatch(content):
        yield content


@pytest.mark.parametrize("name", CALLS)
def test_every_moment_is_of_the_korean_clock_with_its_offset_and_in_whole_seconds(
    stage: Stage, name: str
) -> None:
    answer = CALLS[name](stage)

    shown = list(moments_in(answer.get_json(silent=True)))
    assert bool(shown) is (name not in WITHOUT_MOMENTS)
    assert [moment for moment in shown if not ON_THE_KOREAN_CLOCK.fullmatch(moment)] == []


def test_every_operation_is_called_here() -> None:
    assert CALLS.keys() == {operation.name for operation in TOSS_CONTRACT.operations}


@pytest.mark.parametrize("operation", TOSS_CONTRACT.operations, ids=lambda operation: operation.name)
def test_the_answer_has_every_field_and_no_other(stage: Stage, operation: Operation) -> None:
    answer = CALLS[operation.name](stage)

    assert answer.status_code == 200, answer.text
    if operation.answer is None:
        assert answer.data == b""
        return
    schema = operation.answer()
    schema.load(answer.get_json(), unknown=RAISE, many=schema.many)
    assert_whole(answer.get_json(), schema)
