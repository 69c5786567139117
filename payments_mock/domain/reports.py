"""Settlements, the periods that reports cover, and the ledger of transactions."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from payments_mock.domain.errors import PeriodError, QueryLimitError
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment, Transaction, TransactionKind
from payments_mock.domain.values import KOREA, immutable, split

LARGEST_PAGE = 5000
"""The most rows that one call lists; source: the public reference."""

FIRST_YEAR = 1970
LAST_YEAR = 2999
"""The years that queries may name; others are mistakes, or outside of Python's calendar."""

_MOMENT = timedelta(microseconds=1)


@immutable
class Period:
    """From `start` to `end`; both belong to it."""

    start: datetime
    end: datetime

    def until(self, moment: datetime) -> "Period":
        """Return what of it is not after `moment`; one that ends before it starts holds nothing."""
        return Period(self.start, min(self.end, moment))


@immutable
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


MONEY_MOVING = frozenset({TransactionKind.APPROVAL, TransactionKind.CANCEL})
"""The kinds that the books hold; opening or voiding an unpaid virtual account moves nothing."""


LISTED = MONEY_MOVING | {TransactionKind.ISSUE, TransactionKind.VOID}
"""The kinds that the list of transactions shows, as recorded; what opens an account is a row of 0 KRW."""


@immutable
class Entry:
    """One step of a payment, such as a movement of money; `payment` is as it stands now, without cancels."""

    payment: Payment
    movement: Transaction

    @property
    def is_cancel(self) -> bool:
        """Whether the money went back to the shopper."""
        return self.movement.kind is TransactionKind.CANCEL

    @property
    def listed_amount(self) -> int:
        """What the list of transactions says of it, in KRW."""
        return 0 if self.movement.kind is TransactionKind.ISSUE else self.movement.amount

    @property
    def balance_before(self) -> int:
        """What was with the merchant before this movement, in KRW."""
        return self.movement.remaining_amount + self.movement.amount if self.is_cancel else 0

    @property
    def balance_after(self) -> int:
        """What is with the merchant after this movement, in KRW."""
        return self.movement.remaining_amount


BUSINESS_DAYS_TO_PAY_OUT = 5

LONGEST_TIME_TO_PAY_OUT = timedelta(days=7)
"""Five business days always have one weekend between them."""


class DateType(StrEnum):
    """Which of a settlement's two days a query is about."""

    SOLD = "soldDate"
    PAID_OUT = "paidOutDate"


@immutable
class Settlement:
    """One line of a payout: a sale, or a cancel with negative amounts; all in KRW.

    `fee` holds the tax `vat`; what is left of it is `supply_amount`.
    """

    entry: Entry
    amount: int
    fee: int
    supply_amount: int
    vat: int
    pay_out_amount: int
    sold_on: date
    paid_out_on: date


def settle(entry: Entry) -> Settlement:
    """Return the settlement of a movement of money.

    The fees of a sale and of its cancels add up to the fee for what is left of the sale.
    """
    tariff = (entry.payment.method or Method.CARD).definition.tariff
    sign = -1 if entry.is_cancel else 1
    fee = 0
    if not (entry.is_cancel and tariff.keeps_fee):
        fee = abs(tariff.fee(entry.balance_after) - tariff.fee(entry.balance_before))
    tax = split(fee).vat
    amount = entry.movement.amount
    sold_on = day_in_korea(entry.movement.at)
    return Settlement(
        entry=entry,
        amount=sign * amount,
        fee=sign * fee,
        supply_amount=sign * (fee - tax),
        vat=sign * tax,
        pay_out_amount=sign * (amount - fee),
        sold_on=sold_on,
        paid_out_on=paid_out_on(sold_on),
    )


def paid_out_on(sold_on: date) -> date:
    """Return the day on which the sales of a day are paid out."""
    return business_days_after(sold_on, BUSINESS_DAYS_TO_PAY_OUT)


def settled_sales(days: Days, date_type: DateType, now: datetime) -> Period | None:
    """Return when the sales were made that are settled on `days`, None where none can be.

    A sale is visible from midnight after it, by the Korean clock.
    """
    sold = days if date_type is DateType.SOLD else _sold_for_pay_out(days)
    if sold is None:
        return None
    visible_until = min(sold.last, day_in_korea(now) - timedelta(days=1))
    return Days(sold.first, visible_until).period if sold.first <= visible_until else None


def _sold_for_pay_out(days: Days) -> Days | None:
    """Return the days whose sales are paid out on `days`; a later sale is never paid out earlier."""
    first = _first_sale_paid_out_from(days.first)
    last = _first_sale_paid_out_from(days.last + timedelta(days=1)) - timedelta(days=1)
    return Days(first, last) if first <= last else None


def _first_sale_paid_out_from(day: date) -> date:
    sold_on = day - LONGEST_TIME_TO_PAY_OUT
    while paid_out_on(sold_on) < day:
        sold_on += timedelta(days=1)
    return sold_on
