"""Moments and lengths of time, as the control API reads and shows them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from isodate import Duration, ISO8601Error, parse_duration
from marshmallow import ValidationError, fields

from payments_mock.http.patterns import DAY_FROM_2000, OFFSET, TIME_OF_DAY, whole

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)


_LENGTH = (
    "P(?:[0-9]{1,3}Y)?(?:[0-9]{1,4}M)?(?:[0-9]{1,5}W)?(?:[0-9]{1,6}D)?"
    "(?:T(?:[0-9]{1,7}H)?(?:[0-9]{1,8}M)?(?:[0-9]{1,9}(?:[.,][0-9]{1,6})?S)?)?"
)
"""Describes a length of time whose parts are no longer than a calendar is."""

_MOMENT = rf"{DAY_FROM_2000}T{TIME_OF_DAY}(?:\.[0-9]{{1,6}})?{OFFSET}?"
"""Describes a moment, to the microsecond at the most."""


def shown(moment: datetime) -> str:
    """Show a moment in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Moment(fields.AwareDateTime):
    """A moment in ISO 8601; one without an offset is UTC."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **arguments: Any) -> None:
        said = {
            "pattern": whole(_MOMENT),
            "example": "2026-12-24T18:30:00+09:00",
        }
        super().__init__(
            format="iso",
            default_timezone=UTC,
            validate=_in_range,
            metadata={**said, **(metadata or {})},
            **arguments,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        # What else passes for ISO 8601 differs from one reader to the next.
        if not isinstance(value, str) or re.fullmatch(_MOMENT, value) is None:
            raise ValidationError("Not a valid datetime; write it as in 2026-12-24T18:30:00+09:00.")
        return super()._deserialize(value, attr, data, **more)


def _in_range(moment: datetime) -> None:
    if not EARLIEST <= moment < LATEST:
        raise ValidationError("Must be a moment of the years 2000 to 2999.")


class LengthOfTime(fields.Field[Duration]):
    """A length of time in ISO 8601, more than nothing; years and months are those of the calendar."""

    default_error_messages = {  # noqa: RUF012
        "invalid": "Must be an ISO 8601 duration of more than nothing, such as PT10M or P15D."
    }

    allows_nothing = False
    nothing = "^[^1-9]*$"
    """Describes lengths that are none."""

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **arguments: Any) -> None:
        said = {
            "type": "string",
            "pattern": whole(_LENGTH),
            "not": {"pattern": self.nothing},
            "description": "From the sandbox's now, no further than the year 2999.",
            "example": "PT10M",
        }
        super().__init__(metadata={**said, **(metadata or {})}, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Duration:
        if not isinstance(value, str) or re.fullmatch(_LENGTH, value) is None:
            raise self.make_error("invalid")
        try:
            # A length that has passed from some fixed day serves to compare it.
            length = parse_duration(value, as_timedelta_if_possible=False)
            compared = length.totimedelta(start=EARLIEST)
        except (ISO8601Error, TypeError, ArithmeticError, ValueError):
            raise self.make_error("invalid") from None
        if compared < timedelta() or not (compared or self.allows_nothing):
            raise self.make_error("invalid")
        return length


class LengthOrNothing(LengthOfTime):
    """A length of time in ISO 8601 as above, or none at all."""

    default_error_messages = {"invalid": "Must be an ISO 8601 duration, such as PT10M; PT0S is none."}  # noqa: RUF012
    allows_nothing = True
    nothing = "^[^0-9]*$"


def moment_after(start: datetime, length: Duration) -> datetime:
    """Return the moment that lies so long after `start`.

    Raises:
        ValidationError: no clock of a sandbox can show it.
    """
    try:
        moment: datetime = start + length.totimedelta(start=start)
    except ArithmeticError:
        raise ValidationError("Must not lead beyond the year 2999.") from None
    _in_range(moment)
    return moment
