"""The ways to pay: one definition each, and the instruments that a shopper's choice of one stands for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from payments_mock.domain.errors import AmountTooLargeError, OneTimeTransferLimitError
from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.instruments import (
    APPROVE_NO,
    Card,
    CardType,
    EasyPay,
    GiftCertificate,
    Instruments,
    MobilePhone,
    RequestedCashReceipt,
    Transfer,
    VirtualAccount,
    find_easy_pay_provider,
    masked_card_number,
)
from payments_mock.domain.values import immutable

LEAST_AMOUNT = 100
"""The least that most methods take, in KRW."""

LEAST_AMOUNT_FROM_ACCOUNTS = 200
"""The least that a bank moves, in KRW."""

ONE_TIME_TRANSFER_LIMIT = 100_000_000
"""The most that a person transfers at once, in KRW, as banks usually have it."""

CANCEL_WINDOW = timedelta(days=365)
"""How long after its approval a payment can be canceled."""

TRANSFER_CANCEL_WINDOW = timedelta(days=180)
"""The same for transfers (public reference, cancel guide)."""

DEFAULT_DEPOSIT_TIME = timedelta(hours=168)
"""How long a virtual account waits for its deposit, unless the merchant says otherwise."""


class Method(StrEnum):
    """The ways to pay."""

    CARD = "CARD"
    VIRTUAL_ACCOUNT = "VIRTUAL_ACCOUNT"
    EASY_PAY = "EASY_PAY"
    MOBILE_PHONE = "MOBILE_PHONE"
    TRANSFER = "TRANSFER"
    CULTURE_GIFT_CERTIFICATE = "CULTURE_GIFT_CERTIFICATE"
    BOOK_GIFT_CERTIFICATE = "BOOK_GIFT_CERTIFICATE"
    GAME_GIFT_CERTIFICATE = "GAME_GIFT_CERTIFICATE"

    @property
    def definition(self) -> "MethodDefinition":
        """What is true of this way to pay."""
        return DEFINITIONS[self]


@immutable
class InstrumentChoice:
    """What the shopper chose; names of issuers, banks and wallets are codes, or Korean or English names.

    A cash receipt goes with a transfer or a virtual account; other methods leave it out. A wallet pays with
    the money in it where `easy_pay_money` says so, else by the card in it.
    """

    method: Method
    issuer: str = "71"
    card_number: str = "1234567890120007"
    installment_months: int = 0
    card_type: CardType = CardType.CREDIT
    use_card_point: bool = False
    easy_pay: str | None = None
    easy_pay_money: bool = False
    bank: str = "20"
    customer_name: str = "김토스"
    deposit_time: timedelta = DEFAULT_DEPOSIT_TIME
    mobile_phone: str | None = None
    cash_receipt: RequestedCashReceipt | None = None


@immutable
class Sale:
    """The payment that a choice is made for: `amount` is in KRW, `at` is when the shopper chooses.

    `account_number` is the number that a new virtual account gets, of 8 digits or more.
    """

    amount: int
    at: datetime
    account_number: str


@immutable
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


@immutable
class MethodDefinition:
    """What is true of a way to pay; amounts are in KRW.

    `instrument` is the name among `Instruments` of what the method pays with, and `make` makes it. A payment
    takes from `least` to `most`; above it breaks the rule `over_most`. It can be canceled in `cancel_window`
    after its approval, or with `cancels_in_month` in the Korean month of it.
    """

    korean_name: str
    english_name: str
    instrument: str
    make: "Callable[[InstrumentChoice, Sale], Instruments]"
    tariff: Tariff
    least: int = LEAST_AMOUNT
    most: int | None = None
    over_most: type[AmountTooLargeError] = AmountTooLargeError
    waits_for_deposit: bool = False
    is_recurring: bool = False
    whole_cancel_only: bool = False
    cancel_window: timedelta = CANCEL_WINDOW
    cancels_in_month: bool = False


def instruments_for(choice: InstrumentChoice, sale: Sale) -> Instruments:
    """Return the instruments that `sale` is paid with by what the shopper chose."""
    return choice.method.definition.make(choice, sale)


def _by_card(choice: InstrumentChoice, sale: Sale) -> Instruments:
    # A wallet may stand in front of the card.
    wallet = None if choice.easy_pay is None else _easy_pay(choice.easy_pay)
    return Instruments(card=_card(choice, sale.amount), easy_pay=wallet)


def _by_easy_pay(choice: InstrumentChoice, sale: Sale) -> Instruments:
    wallet = _easy_pay(choice.easy_pay or "토스페이")
    if choice.easy_pay_money:
        return Instruments(easy_pay=replace(wallet, amount=sale.amount))
    return Instruments(card=_card(choice, sale.amount), easy_pay=wallet)


def _by_virtual_account(choice: InstrumentChoice, sale: Sale) -> Instruments:
    due_at = sale.at + choice.deposit_time
    account = VirtualAccount(_bank_code(choice.bank), sale.account_number, choice.customer_name, due_at)
    return Instruments(virtual_account=account, cash_receipt=choice.cash_receipt)


def _by_transfer(choice: InstrumentChoice, _sale: Sale) -> Instruments:
    return Instruments(transfer=Transfer(_bank_code(choice.bank)), cash_receipt=choice.cash_receipt)


def _by_mobile_phone(choice: InstrumentChoice, sale: Sale) -> Instruments:
    # Whoever names no phone has one of their own, as each has a limit a month.
    number = choice.mobile_phone or f"010{sale.account_number[-8:]}"
    return Instruments(mobile_phone=MobilePhone(number))


def _by_gift_certificate(_choice: InstrumentChoice, _sale: Sale) -> Instruments:
    return Instruments(gift_certificate=GiftCertificate(APPROVE_NO))


def _card(choice: InstrumentChoice, amount: int) -> Card:
    issuer = find_issuer(choice.issuer)
    code = issuer.code if issuer else choice.issuer
    return Card(
        amount=amount,
        issuer_code=code,
        acquirer_code=code,
        number=masked_card_number(choice.card_number),
        approve_no=APPROVE_NO,
        installment_months=choice.installment_months,
        use_card_point=choice.use_card_point,
        card_type=choice.card_type,
    )


def _easy_pay(name: str) -> EasyPay:
    provider = find_easy_pay_provider(name)
    return EasyPay(provider.korean_name if provider else name)


def _bank_code(name: str) -> str:
    bank = find_bank(name)
    return bank.code if bank else name


def _gift_certificate(korean_name: str, english_name: str) -> MethodDefinition:
    return MethodDefinition(
        korean_name,
        english_name,
        "gift_certificate",
        _by_gift_certificate,
        Tariff(600),
        whole_cancel_only=True,
    )


DEFINITIONS: Mapping[Method, MethodDefinition] = {
    Method.CARD: MethodDefinition("카드", "Card", "card", _by_card, Tariff(210), is_recurring=True),
    Method.EASY_PAY: MethodDefinition("간편결제", "Easy pay", "easy_pay", _by_easy_pay, Tariff(250)),
    Method.TRANSFER: MethodDefinition(
        "계좌이체",
        "Bank transfer",
        "transfer",
        _by_transfer,
        Tariff(150, least=200),
        least=LEAST_AMOUNT_FROM_ACCOUNTS,
        most=ONE_TIME_TRANSFER_LIMIT,
        over_most=OneTimeTransferLimitError,
        is_recurring=True,
        cancel_window=TRANSFER_CANCEL_WINDOW,
    ),
    Method.VIRTUAL_ACCOUNT: MethodDefinition(
        "가상계좌",
        "Virtual account",
        "virtual_account",
        _by_virtual_account,
        Tariff(least=300, keeps_fee=True),
        least=LEAST_AMOUNT_FROM_ACCOUNTS,
        waits_for_deposit=True,
    ),
    Method.MOBILE_PHONE: MethodDefinition(
        "휴대폰",
        "Mobile phone",
        "mobile_phone",
        _by_mobile_phone,
        Tariff(350),
        whole_cancel_only=True,
        cancels_in_month=True,
    ),
    Method.CULTURE_GIFT_CERTIFICATE: _gift_certificate("문화상품권", "Culture gift certificate"),
    Method.BOOK_GIFT_CERTIFICATE: _gift_certificate("도서문화상품권", "Book gift certificate"),
    Method.GAME_GIFT_CERTIFICATE: _gift_certificate("게임문화상품권", "Game gift certificate"),
}
"""The definition of each method, in the order in which the payment window offers them."""
