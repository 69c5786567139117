"""What the window offers to choose from, by what the merchant's page asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments_mock.checkout.wishes import Selection, Wishes
from payments_mock.domain.banks import BANKS, Bank, find_bank
from payments_mock.domain.easy_pay import EASY_PAY_PROVIDERS, EasyPayProvider, find_easy_pay_provider
from payments_mock.domain.issuers import CARD_ISSUERS, CardIssuer, find_issuer
from payments_mock.domain.limits import LEAST_AMOUNT_WITH_INSTALLMENTS, MOST_INSTALLMENT_MONTHS
from payments_mock.domain.methods import Method

FIRST_ISSUERS = ("41", "61", "51", "11", "71", "21", "91", "31")
"""The issuers that most Korean shoppers hold a card of, in the order they are shown in."""

FIRST_BANKS = ("88", "06", "20", "81", "11", "03")

METHODS = (
    Method.CARD,
    Method.EASY_PAY,
    Method.TRANSFER,
    Method.VIRTUAL_ACCOUNT,
    Method.MOBILE_PHONE,
    Method.CULTURE_GIFT_CERTIFICATE,
    Method.BOOK_GIFT_CERTIFICATE,
    Method.GAME_GIFT_CERTIFICATE,
)


@dataclass(frozen=True, slots=True)
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
        """Whether there is one way to pay only."""
        return len(self.methods) == 1


def make_offer(wishes: Wishes, amount: int) -> Offer:
    """Return the choices for a payment of `amount` KRW."""
    method = _method(wishes)
    issuers = _issuers(wishes)
    easy_pays = _easy_pays(wishes)
    banks = banks_in_order()
    months = _months(wishes, amount)
    picked = wishes.selection
    bank = find_bank(picked.bank or wishes.bank or FIRST_BANKS[0])
    selected = Selection(
        method=method or Method.CARD,
        issuer=picked.issuer or issuers[0].code,
        installment_months=picked.installment_months if picked.method else months[0],
        easy_pay=picked.easy_pay or easy_pays[0].english_name,
        bank=bank.code if bank else FIRST_BANKS[0],
        depositor=picked.depositor or wishes.customer_name or "김토스",
        mobile_phone=picked.mobile_phone or wishes.customer_mobile_phone or "01012345678",
    )
    return Offer(
        methods=METHODS if method is None else (method,),
        issuers=issuers,
        easy_pays=easy_pays,
        banks=banks,
        account_banks=[bank for bank in banks if bank.has_virtual_accounts],
        months=months,
        selected=selected,
    )


def _method(wishes: Wishes) -> Method | None:
    if wishes.selection.method is not None:
        return wishes.selection.method
    if wishes.easy_pay is not None:
        return Method.EASY_PAY
    return wishes.method


def _issuers(wishes: Wishes) -> list[CardIssuer]:
    # The second code of a name is one that no name finds.
    ours = [
        issuer
        for issuer in CARD_ISSUERS
        if not issuer.is_overseas and find_issuer(issuer.korean_name) is issuer
    ]
    asked = find_issuer(wishes.selection.issuer or wishes.card_company or "")
    ordered = sorted(ours, key=lambda issuer: _place(issuer.code, FIRST_ISSUERS))
    if asked is None:
        return ordered
    if wishes.is_direct or wishes.selection.issuer:
        return [asked]
    return [asked, *(issuer for issuer in ordered if issuer.code != asked.code)]


def _easy_pays(wishes: Wishes) -> Sequence[EasyPayProvider]:
    asked = find_easy_pay_provider(wishes.selection.easy_pay or wishes.easy_pay or "")
    return EASY_PAY_PROVIDERS if asked is None else (asked,)


def _months(wishes: Wishes, amount: int) -> list[int]:
    if amount < LEAST_AMOUNT_WITH_INSTALLMENTS:
        return [0]
    if wishes.installment_months is not None:
        return [wishes.installment_months]
    longest = wishes.max_installment_months
    longest = MOST_INSTALLMENT_MONTHS if longest is None else longest
    return [0, *range(2, longest + 1)]


def banks_in_order() -> list[Bank]:
    """Return the banks, those first that most shoppers have an account with."""
    return sorted(BANKS, key=lambda bank: _place(bank.code, FIRST_BANKS))


def _place(code: str, leading: Sequence[str]) -> int:
    return leading.index(code) if code in leading else len(leading)
