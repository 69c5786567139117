"""What the provider keeps of a sale, what it pays out, and when.

The fields and their relations follow the public reference, "Settlement object"; the rates and the five
business days are this project's own, as real ones are agreed with each merchant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from payments_mock.domain.amounts import split
from payments_mock.domain.ledger import Entry
from payments_mock.domain.methods import GIFT_CERTIFICATES, Method
from payments_mock.domain.periods import Days, Period, business_days_after, day_in_korea

BUSINESS_DAYS_TO_PAY_OUT = 5

LONGEST_TIME_TO_PAY_OUT = timedelta(days=7)
"""Five business days always have one weekend between them."""


class DateType(StrEnum):
    """Which of a settlement's two days a query is about."""

    SOLD = "soldDate"
    PAID_OUT = "paidOutDate"


@dataclass(frozen=True, slots=True)
class Tariff:
    """What the provider takes for a sale, before tax: so many hundredths of a percent, at least so much KRW.

    `keeps_fee` says that a cancel gives the fee not back.
    """

    basis_points: int = 0
    least: int = 0
    keeps_fee: bool = False

    def fee(self, balance: int) -> int:
        """Return the fee in KRW, 10 % tax included, for what is left of a sale; rounded down to the won."""
        if balance == 0:
            return 0
        return max(balance * self.basis_points, self.least * 10_000) * 11 // 100_000


TARIFFS: Mapping[Method, Tariff] = {
    Method.CARD: Tariff(210),
    Method.EASY_PAY: Tariff(250),
    Method.TRANSFER: Tariff(150, least=200),
    Method.VIRTUAL_ACCOUNT: Tariff(least=300, keeps_fee=True),
    Method.MOBILE_PHONE: Tariff(350),
    **dict.fromkeys(GIFT_CERTIFICATES, Tariff(600)),
}
"""The tariff of each method."""


@dataclass(frozen=True, slots=True)
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
    tariff = TARIFFS[entry.payment.method or Method.CARD]
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
