"""Stretches of time that a merchant asks about, on the Korean calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from payments_mock.domain.errors import PeriodError, QueryLimitError
from payments_mock.domain.korea import KOREA

LARGEST_PAGE = 5000
"""The most rows that one call lists; source: the public reference."""

FIRST_YEAR = 1970
LAST_YEAR = 2999
"""The years that can be asked about: beyond them lie mistakes, and the ends of the calendar."""

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`; both belong to it."""

    start: datetime
    end: datetime

    def until(self, moment: datetime) -> "Period":
        """Return what of it is not after `moment`; one that ends before it starts holds nothing."""
        return Period(self.start, min(self.end, moment))


@dataclass(frozen=True, slots=True)
class Days:
    """From the day `first` to the day `last`; both belong to it."""

    first: date
    last: date

    @property
    def period(self) -> Period:
        """The same stretch from midnight to midnight in Korea."""
        return Period(midnight(self.first), midnight(self.last + timedelta(days=1)) - _MOMENT)


def period_between(start: datetime, end: datetime) -> Period:
    """Return the period from `start` to the end of the second of `end`.

    Raises:
        PeriodError: it is not of the Korean clock, ends before it starts, or lies outside the years that
            can be asked about.
    """
    if start.utcoffset() != end.utcoffset() or start.utcoffset() != KOREA.utcoffset(None):
        raise PeriodError("startDate and endDate must be on the Korean clock: without an offset, or +09:00")
    _check(start, end)
    return Period(start, end.replace(microsecond=0) + timedelta(seconds=1) - _MOMENT)


def days_between(first: date, last: date) -> Days:
    """Return the days from `first` to `last`.

    Raises:
        PeriodError: they end before they start, or lie outside the years that can be asked about.
    """
    _check(first, last)
    return Days(first, last)


def _check(start: date, end: date) -> None:
    if start.year < FIRST_YEAR or end.year > LAST_YEAR:
        raise PeriodError(f"startDate and endDate must be in the years from {FIRST_YEAR} to {LAST_YEAR}")
    if start > end:
        raise PeriodError("startDate must not be after endDate")


def check_page_size(name: str, size: int) -> None:
    """Refuse to list more than one call can.

    Raises:
        QueryLimitError: `size`, asked for as `name`, is above the most.
    """
    if size > LARGEST_PAGE:
        raise QueryLimitError(f"{name} must be at most {LARGEST_PAGE}")


def day_in_korea(moment: datetime) -> date:
    """Return the day that it is in Korea at a moment."""
    return moment.astimezone(KOREA).date()


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Korea."""
    return datetime(day.year, day.month, day.day, tzinfo=KOREA)


def first_of_month(moment: datetime) -> datetime:
    """Return the moment at which the month of `moment` began in Korea."""
    return midnight(day_in_korea(moment).replace(day=1))


def business_days_after(day: date, count: int) -> date:
    """Return the day that is `count` days from Monday to Friday after `day`; holidays are not known."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
