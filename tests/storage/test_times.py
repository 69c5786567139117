"""Moments are stored exactly, and compare as numbers."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect

from payments_mock.storage.columns import UtcTime

COLUMN = UtcTime()
SQLITE = dialect()  # type: ignore[no-untyped-call]
moments = st.datetimes(timezones=st.just(UTC))


def in_storage(moment: datetime | None) -> int | None:
    return COLUMN.process_bind_param(moment, SQLITE)


@given(moments)
def test_a_moment_is_read_to_the_microsecond(moment: datetime) -> None:
    assert COLUMN.process_result_value(in_storage(moment), SQLITE) == moment


@given(moments, moments)
def test_stored_moments_sort_as_they_happened(one: datetime, another: datetime) -> None:
    first, second = in_storage(one), in_storage(another)

    assert first is not None
    assert second is not None
    assert (first < second) == (one < another)


def test_one_moment_is_stored_alike_from_every_time_zone() -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)

    assert in_storage(moment) == in_storage(moment.astimezone(timezone(timedelta(hours=9))))


def test_no_moment_is_stored_as_nothing() -> None:
    assert in_storage(None) is None
    assert COLUMN.process_result_value(None, SQLITE) is None
