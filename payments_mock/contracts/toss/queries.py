"""Field types of the queries by which lists are asked for."""

import re
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from payments_mock.api.schemas import DAY, TIME_OF_DAY, whole
from payments_mock.api.values import WHOLE_NUMBER
from payments_mock.domain.reports import LARGEST_PAGE
from payments_mock.domain.values import KOREA

MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
KOREAN_MOMENT = rf"{DAY}(?:T{TIME_OF_DAY}(?:\.[0-9]{{1,9}})?(?:\+09:00)?)?"


class QueryMoment(fields.Field[datetime]):
    """A moment as ISO 8601 writes it, on the Korean clock unless it says otherwise, in whole seconds.

    It is no `AwareDateTime`: the reference would call it a date-time, and it may be a day alone.
    """

    default_error_messages = {"invalid": "Must be a moment such as 2024-01-31 or 2024-01-31T23:59:59."}  # noqa: RUF012

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            metadata={
                "code": "INVALID_ISO_DATE_FORMAT",
                "type": "string",
                "pattern": whole(KOREAN_MOMENT),
                "description": "On the Korean clock; startDate is not after endDate.",
                "example": "2024-01-31T23:59:59",
            },
            **arguments,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value).replace(microsecond=0)
        except ValueError:
            raise self.make_error("invalid") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=KOREA)


class Day(fields.Date):
    """A day of the Korean calendar, with its hyphens; a whole moment stands for the day written in it."""

    default_error_messages = {"invalid": "Must be a day such as 2024-01-31."}  # noqa: RUF012

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            metadata={
                "code": "INVALID_DATE",
                "pattern": whole(KOREAN_MOMENT),
                "description": "By the Korean calendar; startDate is not after endDate.",
                "example": "2024-01-31",
            },
            **arguments,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            raise self.make_error("invalid") from None


class Count(fields.Integer):
    """A whole number from 1 on, in plain digits; without a `largest`, the domain says what is too many."""

    def __init__(self, largest: int | None = None, **arguments: Any) -> None:
        said = {"maximum": LARGEST_PAGE} if largest is None else {}
        super().__init__(validate=validate.Range(min=1, max=largest), metadata=said, **arguments)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if not isinstance(value, str) or WHOLE_NUMBER.fullmatch(value) is None:
            raise ValidationError("Must be a whole number.")
        return int(value)
