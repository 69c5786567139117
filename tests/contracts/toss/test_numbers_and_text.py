"""Numbers and text of numbers are told apart nowhere, and an empty parameter of a query is none."""

from itertools import product
from typing import Any

import pytest
from marshmallow import ValidationError, fields

from payments_mock.api.operation import Operation
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.fidelity import inner, request_objects

NUMBERS = (0, 1, 7, 12, 99, 100, 1_000, 15_000, 881_212, 71_123_456, 1_248_100_998, 536_510_123_412)
"""Numbers of every length that a field of text may have as digits, all of which JSON keeps exactly."""

OF_A_LIST = {
    ("RefundAccountRequest", "bank"),
    ("VirtualAccountRequest", "bank"),
    ("CancelRequest", "currency"),
}
"""Fields that take listed texts alone; a number that no list has is refused before the list is looked at."""

SEEN_LATER = {("CashReceiptWish", "type")}
"""Fields whose values are judged beside others."""

FIELDS = {
    f"{kind}.{name}": inner(field)
    for kind, schema in request_objects().items()
    for name, field in schema.fields.items()
    if not kind.endswith("Query") and (kind, name) not in OF_A_LIST | SEEN_LATER
}


def read(field: fields.Field[Any], value: object) -> object:
    """Return what a field makes of a value, None where it refuses it."""
    try:
        return field.deserialize(value)
    except ValidationError:
        return None


@pytest.mark.parametrize("name", FIELDS)
def test_a_whole_number_is_read_as_its_text_is_in_every_field_of_every_body(name: str) -> None:
    for number in NUMBERS:
        assert (number, read(FIELDS[name], number)) == (number, read(FIELDS[name], str(number)))


@pytest.mark.parametrize(("kind", "field"), sorted(OF_A_LIST))
def test_a_number_is_read_as_its_text_where_a_list_has_it(kind: str, field: str) -> None:
    part = request_objects()[kind].fields[field]
    listed = [text for text in part.metadata["enum"] if text.isdecimal() and not text.startswith("0")]

    assert (field == "currency") is not bool(listed)
    for text in listed:
        assert read(part, int(text)) == read(part, text) == text


WITH_QUERY = [operation for operation in TOSS_CONTRACT.operations if operation.query]
PARAMETERS = [(one, name) for one in WITH_QUERY for name in (one.query.fields if one.query else ())]
ASKED = {
    "cash-receipts": {"requestDate": "2024-01-01", "cursor": "0", "limit": "100"},
    "transactions": {"startDate": "2024-01-01", "endDate": "2024-12-31", "limit": "100"},
    "settlements": {
        "startDate": "2024-01-01",
        "endDate": "2024-12-31",
        "dateType": "soldDate",
        "page": "1",
        "size": "100",
    },
}


@pytest.mark.parametrize(("operation", "name"), PARAMETERS, ids=lambda part: getattr(part, "name", part))
def test_an_empty_parameter_is_answered_as_one_that_is_absent(
    stage: Stage, operation: Operation, name: str
) -> None:
    asked = {field: text for field, text in ASKED[operation.name].items() if field != name}

    empty, absent = (
        stage.toss.call(operation.method, operation.path, query_string=query)
        for query in (asked | {name: ""}, asked)
    )

    assert (empty.status_code, empty.get_json()) == (absent.status_code, absent.get_json())
    assert operation.query is not None
    assert (absent.status_code == 200) is not operation.query.fields[name].required


@pytest.mark.parametrize("turned", [*product([int, str], repeat=2)], ids=str)
def test_a_payment_can_be_confirmed_with_either(stage: Stage, turned: tuple[type, type]) -> None:
    begun = stage.checkout(orderId=str(71_000_000 + int(unused("order")[-5:]))).get_json()
    order, amount = turned[0](begun["orderId"]), turned[1](begun["amount"])

    confirmed = stage.post(
        "/v1/payments/confirm", {"paymentKey": begun["paymentKey"], "orderId": order, "amount": amount}
    )

    assert (confirmed.status_code, confirmed.get_json()["orderId"]) == (200, begun["orderId"])
