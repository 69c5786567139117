"""The parsers that need no server: whatever they are given, they read it or refuse it in their own words."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isodate import Duration
from marshmallow import Schema, ValidationError

from payments_mock.api.errors import CallError
from payments_mock.contracts.toss.accounts import VirtualAccountRequest
from payments_mock.contracts.toss.transactions import Day
from payments_mock.contracts.toss.transactions import QueryMoment as KoreanMoment
from payments_mock.control.clock import EARLIEST, LATEST, LengthOfTime, MomentField, moment_after
from payments_mock.control.fault_schemas import FaultRequest
from payments_mock.http.authentication import read_credentials
from payments_mock.settings import SettingsError
from testkit.depth import depth, waits_for_ci
from testkit.inside.loading import load

relaxed = settings(
    max_examples=depth(1000, 25), deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
durations = st.from_regex(r"[+-]?P([0-9.,]{0,20}[YMWD]){0,4}(T([0-9.,]{0,20}[HMS]){0,4})?", fullmatch=True)
moments = st.from_regex(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{0,12}(Z|[+-][0-9]{2}:?[0-9]{2})?)?", fullmatch=True
)


def loaded(field: Any, value: Any) -> Any:
    """Return what a field reads, None where it refuses."""
    try:
        return field.deserialize(value)
    except ValidationError:
        return None


@waits_for_ci
@relaxed
@given(durations | json_values)
def test_a_length_of_time_is_more_than_nothing_or_refused(value: Any) -> None:
    length = loaded(LengthOfTime(), value)

    if length is not None:
        assert isinstance(length, Duration)
        with suppress(ValidationError):
            assert EARLIEST < moment_after(EARLIEST, length) < LATEST


@waits_for_ci
@relaxed
@given(moments | json_values)
@pytest.mark.parametrize("field", [MomentField(), KoreanMoment()], ids=["control", "toss"])
def test_a_moment_has_a_time_zone_or_is_refused(field: Any, value: Any) -> None:
    moment = loaded(field, value)

    assert moment is None or (isinstance(moment, datetime) and moment.tzinfo is not None)


@waits_for_ci
@relaxed
@given(moments | json_values)
def test_a_day_is_read_or_refused(value: Any) -> None:
    loaded(Day(), value)


def bodies_of(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Make objects with the fields of a schema, and values that may be of any kind."""
    values = json_values | durations | moments
    return st.dictionaries(st.sampled_from(sorted(schema.fields)) | st.text(max_size=5), values, max_size=9)


@waits_for_ci
@pytest.mark.parametrize(
    "schema", [FaultRequest(), VirtualAccountRequest()], ids=lambda it: type(it).__name__
)
def test_a_body_is_read_or_refused(schema: Schema) -> None:
    @relaxed
    @given(bodies_of(schema))
    def look(body: dict[str, Any]) -> None:
        with suppress(ValidationError):
            schema.load(body)

    look()


@relaxed
@given(
    st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: "Basic " + raw.decode("latin-1")))
)
def test_an_authorization_header_is_read_or_refused(header: str) -> None:
    with suppress(CallError):
        assert isinstance(read_credentials(header), str)


toml_lines = st.tuples(
    st.sampled_from(
        [
            "port",
            "host",
            "workers",
            "threads",
            "data",
            "open",
            "secret_keys",
            "log_format",
            "merchants",
            "porr",
        ]
    ),
    st.integers().map(str)
    | st.text(max_size=20).map(repr)
    | st.sampled_from(["true", "[]", "[1]", "{}", "nan"]),
).map(" = ".join)


def test_a_file_of_settings_is_read_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"

    @relaxed
    @given(
        st.one_of(
            st.binary(max_size=60), st.lists(toml_lines, max_size=4).map(lambda it: "\n".join(it).encode())
        )
    )
    def look(content: bytes) -> None:
        file.write_bytes(content)
        with suppress(SettingsError):
            load({"settings": str(file)}, {})

    look()
