"""What a merchant's page asked the window for, as it is kept with the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from payments_mock.checkout.schemas import WishesSchema
from payments_mock.domain.instrument_choice import DEFAULT_DEPOSIT_TIME
from payments_mock.domain.korea import KOREA
from payments_mock.domain.methods import Method
from payments_mock.http.errors import InvalidFieldsError

LONGEST_DEPOSIT_TIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a shopper picked so far; names are codes, or Korean or English names."""

    method: Method | None = None
    issuer: str | None = None
    installment_months: int = 0
    easy_pay: str | None = None
    bank: str | None = None
    depositor: str | None = None
    mobile_phone: str | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the window is to be.

    `selection` was made in a widget beforehand. `fails` asks for a failure, as the scripts' test switches do.
    `due_date` is on the Korean clock.
    """

    method: Method | None = None
    card_company: str | None = None
    easy_pay: str | None = None
    is_direct: bool = False
    installment_months: int | None = None
    max_installment_months: int | None = None
    use_card_point: bool = False
    bank: str | None = None
    valid_hours: int | None = None
    due_date: datetime | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_mobile_phone: str | None = None
    language: str | None = None
    fails: bool = False
    selection: Selection = field(default_factory=Selection)
    agreed: bool = False

    def deposit_time(self, now: datetime) -> timedelta:
        """Tell how long a virtual account that is opened at `now` waits for its deposit.

        Raises:
            InvalidFieldsError: the due date is past, or too far away.
        """
        if self.valid_hours is not None:
            return timedelta(hours=self.valid_hours)
        if self.due_date is None:
            return DEFAULT_DEPOSIT_TIME
        left = self.due_date.replace(tzinfo=KOREA) - now
        if left <= timedelta(0):
            raise InvalidFieldsError({"dueDate": ["Must be in the future."]}, "INVALID_DATE")
        if left > LONGEST_DEPOSIT_TIME:
            raise InvalidFieldsError({"dueDate": ["Must be within 90 days."]}, "EXCEED_MAX_DUE_DATE")
        return left


def read_wishes(kept: Mapping[str, Any]) -> Wishes:
    """Return the wishes that were kept with a window."""
    return make_wishes(WishesSchema().load(kept))


def make_wishes(loaded: Mapping[str, Any]) -> Wishes:
    """Return what the schema read of wishes."""
    made = {_NAMES.get(name, name): value for name, value in loaded.items() if value is not None}
    return Wishes(**made | {"selection": read_selection(made.get("selection", {}))})


def read_selection(loaded: Mapping[str, Any]) -> Selection:
    """Return what the schema read of a selection."""
    return Selection(**{_NAMES.get(name, name): value for name, value in loaded.items()})


_NAMES = {
    "cardCompany": "card_company",
    "easyPay": "easy_pay",
    "isDirect": "is_direct",
    "installmentMonths": "installment_months",
    "maxInstallmentMonths": "max_installment_months",
    "useCardPoint": "use_card_point",
    "validHours": "valid_hours",
    "dueDate": "due_date",
    "customerName": "customer_name",
    "customerEmail": "customer_email",
    "customerMobilePhone": "customer_mobile_phone",
    "mobilePhone": "mobile_phone",
}
