"""A plain schema reads what marshmallow reads, and refuses what it refuses, in the same words."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from payments_mock.api.schemas import PlainSchema
from payments_mock.contracts.kiosk import schemas as kiosk
from payments_mock.contracts.toss import payments as toss

FIELDS = {
    "name": fields.String(required=True, validate=validate.Length(max=3)),
    "number": fields.Integer(strict=True, load_default=7),
    "renamed": fields.Boolean(data_key="wasNamed", allow_none=True),
}
Plain = PlainSchema.from_dict(FIELDS)
Usual = Schema.from_dict(FIELDS)

HOT = (kiosk.PaymentRequest, kiosk.WholeCancelRequest, toss.ConfirmRequest, toss.CancelRequest)


def read(schema: type[Schema], data: Any) -> Any:
    try:
        return schema().load(data, unknown=EXCLUDE)
    except ValidationError as error:
        return error.messages


VALUES = some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5)


@given(some.dictionaries(some.sampled_from(["name", "number", "wasNamed", "renamed", "other"]), VALUES))
@example({"name": "a", "wasNamed": None})
def test_it_reads_and_refuses_as_marshmallow_does(data: dict[str, Any]) -> None:
    assert read(Plain, data) == read(Usual, data)


@pytest.mark.parametrize("data", [None, "text", 3, [], [{"name": "a"}], {}])
def test_what_is_no_object_or_empty_is_refused_in_the_same_words(data: Any) -> None:
    assert read(Plain, data) == read(Usual, data) != {}


def test_an_unknown_field_is_refused_where_none_is_to_be_left_out() -> None:
    with pytest.raises(ValidationError, match="Unknown field"):
        Plain().load({"name": "a", "other": 1})


def test_many_are_read_as_marshmallow_reads_them() -> None:
    assert Plain().load([{"name": "a"}], many=True, unknown=EXCLUDE) == [{"name": "a", "number": 7}]


@pytest.mark.parametrize("schema", HOT)
def test_what_is_asked_most_is_read_in_one_go_and_has_no_hooks(schema: type[Schema]) -> None:
    assert issubclass(schema, PlainSchema)
    assert not any(schema._hooks.values())
