"""The options that a page gives the payment window, and what the shopper may choose there."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.checkout.schemas import Selection, WindowOptionsSchema, read_selection
from payments_mock.domain.institutions import BANKS, CARD_ISSUERS, Bank, CardIssuer, find_bank, find_issuer
from payments_mock.domain.payments.confirmation import Choice
from payments_mock.domain.payments.instruments import (
    EASY_PAY_PROVIDERS,
    EasyPayProvider,
    find_easy_pay_provider,
)
from payments_mock.domain.payments.limits import LEAST_AMOUNT_WITH_INSTALLMENTS, MOST_INSTALLMENT_MONTHS
from payments_mock.domain.payments.methods import (
    DEFAULT_DEPOSIT_TIME,
    DEFINITIONS,
    InstrumentChoice,
    Method,
    Sale,
    instruments_for,
)
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.values import KOREA, immutable
from payments_mock.services.context import Context

LONGEST_DEPOSIT_TIME = timedelta(days=90)


@immutable
class WindowOptions:
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


def read_window_options(kept: Mapping[str, Any]) -> WindowOptions:
    """Return the window_options that were kept with a window."""
    return make_window_options(WindowOptionsSchema().load(kept))


def make_window_options(loaded: Mapping[str, Any]) -> WindowOptions:
    """Return what the schema read of window_options."""
    made = {_NAMES.get(name, name): value for name, value in loaded.items() if value is not None}
    return WindowOptions(**made | {"selection": read_selection(made.get("selection", {}))})


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
}


def make_choice(
    context: Context, payment: Payment, chosen: InstrumentChoice, decline_code: str | None
) -> Choice:
    """Return the choice, with instruments for `payment`; `decline_code` is why its confirm is to fail."""
    number = f"X{context.ids.digits(13)}"
    instruments = instruments_for(chosen, Sale(payment.total_amount, context.now(), number))
    return Choice(chosen.method, instruments, decline_code)


FIRST_ISSUERS = ("41", "61", "51", "11", "71", "21", "91", "31")
"""The issuers with most card holders in Korea, in the order they are shown."""

FIRST_BANKS = ("88", "06", "20", "81", "11", "03")


@immutable
class Offer:
    """The choices of a window; `selected` are those it begins with."""

    methods: Sequence[Method]
    issuers: Sequence[CardIssuer]
    easy_pays: Sequence[EasyPayProvider]
    banks: Sequence[Bank]
    account_banks: Sequence[Bank]
    months: Sequence[int]
    selected: Selection

    @property
    def is_settled(self) -> bool:
        """Whether there is only one way to pay."""
        return len(self.methods) == 1


def make_offer(window_options: WindowOptions, amount: int) -> Offer:
    """Return the choices for a payment of `amount` KRW."""
    method, methods = _methods(window_options)
    issuers = _issuers(window_options)
    easy_pays = _easy_pays(window_options)
    banks = banks_in_order()
    months = _months(window_options, amount)
    picked = window_options.selection
    bank = find_bank(picked.bank or window_options.bank or FIRST_BANKS[0])
    selected = Selection(
        method=method,
        issuer=picked.issuer or issuers[0].code,
        installment_months=picked.installment_months if picked.method else months[0],
        easy_pay=picked.easy_pay or easy_pays[0].english_name,
        easy_pay_with=picked.easy_pay_with or "CARD",
        bank=bank.code if bank else FIRST_BANKS[0],
        depositor=picked.depositor or window_options.customer_name or "김토스",
        mobile_phone=picked.mobile_phone or window_options.customer_mobile_phone or "01012345678",
    )
    return Offer(
        methods=methods,
        issuers=issuers,
        easy_pays=easy_pays,
        banks=banks,
        account_banks=[bank for bank in banks if bank.has_virtual_accounts],
        months=months,
        selected=selected,
    )


def _methods(window_options: WindowOptions) -> tuple[Method, Sequence[Method]]:
    """Return the method that the window begins with, and those it offers.

    The window of cards is one of wallets too, unless the page leads straight to one of either.
    """
    picked = window_options.selection.method
    if picked is not None:
        return picked, (picked,)
    first = Method.EASY_PAY if window_options.easy_pay is not None else window_options.method
    if window_options.is_direct and first is not None:
        return first, (first,)
    if window_options.method is Method.CARD:
        return first or Method.CARD, (Method.CARD, Method.EASY_PAY)
    return (Method.CARD, tuple(DEFINITIONS)) if first is None else (first, (first,))


def _issuers(window_options: WindowOptions) -> list[CardIssuer]:
    # Of an issuer with two codes, only one can be found by name.
    ours = [
        issuer
        for issuer in CARD_ISSUERS
        if not issuer.is_overseas and find_issuer(issuer.korean_name) is issuer
    ]
    asked = find_issuer(window_options.selection.issuer or window_options.card_company or "")
    ordered = sorted(ours, key=lambda issuer: _place(issuer.code, FIRST_ISSUERS))
    if asked is None:
        return ordered
    if window_options.is_direct or window_options.selection.issuer:
        return [asked]
    return [asked, *(issuer for issuer in ordered if issuer.code != asked.code)]


def _easy_pays(window_options: WindowOptions) -> Sequence[EasyPayProvider]:
    asked = find_easy_pay_provider(window_options.selection.easy_pay or window_options.easy_pay or "")
    if asked is None:
        return EASY_PAY_PROVIDERS
    if window_options.method is Method.CARD and not window_options.is_direct:
        return (asked, *(provider for provider in EASY_PAY_PROVIDERS if provider is not asked))
    return (asked,)


def _months(window_options: WindowOptions, amount: int) -> list[int]:
    if amount < LEAST_AMOUNT_WITH_INSTALLMENTS:
        return [0]
    if window_options.installment_months is not None:
        return [window_options.installment_months]
    longest = window_options.max_installment_months
    longest = MOST_INSTALLMENT_MONTHS if longest is None else longest
    return [0, *range(2, longest + 1)]


def banks_in_order() -> list[Bank]:
    """Return the banks, those first that most shoppers have an account with."""
    return sorted(BANKS, key=lambda bank: _place(bank.code, FIRST_BANKS))


def _place(code: str, leading: Sequence[str]) -> int:
    return leading.index(code) if code in leading else len(leading)
