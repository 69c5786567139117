"""Plausible instruments for what a shopper chose, or did not say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from payments_mock.domain.banks import find_bank
from payments_mock.domain.easy_pay import find_easy_pay_provider
from payments_mock.domain.issuers import find_issuer
from payments_mock.domain.methods import (
    GIFT_CERTIFICATES,
    Card,
    CardType,
    EasyPay,
    GiftCertificate,
    Instruments,
    Method,
    MobilePhone,
    RequestedCashReceipt,
    Transfer,
    VirtualAccount,
)

DEFAULT_DEPOSIT_TIME = timedelta(hours=168)
"""How long a virtual account waits for its deposit, unless the merchant says otherwise."""

APPROVE_NO = "00000000"
"""The approval number of every test payment, as the provider's own test environment gives."""


@dataclass(frozen=True, slots=True)
class InstrumentChoice:
    """What the shopper chose; names of issuers, banks and wallets are codes, or Korean or English names.

    A cash receipt goes with a transfer or a virtual account; other methods leave it out.
    """

    method: Method
    issuer: str = "71"
    card_number: str = "1234567890120007"
    installment_months: int = 0
    card_type: CardType = CardType.CREDIT
    use_card_point: bool = False
    easy_pay: str | None = None
    bank: str = "20"
    customer_name: str = "김토스"
    deposit_time: timedelta = DEFAULT_DEPOSIT_TIME
    mobile_phone: str | None = None
    cash_receipt: RequestedCashReceipt | None = None


def instruments_for(choice: InstrumentChoice, amount: int, now: datetime, account_number: str) -> Instruments:
    """Return the instruments of a payment of `amount` KRW that is chosen at `now`.

    `account_number` is the number that a new virtual account gets, of 8 digits or more.
    """
    if choice.method in GIFT_CERTIFICATES:
        return Instruments(gift_certificate=GiftCertificate(APPROVE_NO))
    if choice.method is Method.VIRTUAL_ACCOUNT:
        due_at = now + choice.deposit_time
        account = VirtualAccount(_bank_code(choice.bank), account_number, choice.customer_name, due_at)
        return Instruments(virtual_account=account, cash_receipt=choice.cash_receipt)
    if choice.method is Method.TRANSFER:
        transfer = Transfer(_bank_code(choice.bank))
        return Instruments(transfer=transfer, cash_receipt=choice.cash_receipt)
    if choice.method is Method.MOBILE_PHONE:
        # Whoever names no phone has one of their own, as each has a limit a month.
        number = choice.mobile_phone or f"010{account_number[-8:]}"
        return Instruments(mobile_phone=MobilePhone(number))
    wallet = choice.easy_pay
    if choice.method is Method.EASY_PAY and wallet is None:
        wallet = "토스페이"
    return Instruments(card=_card(choice, amount), easy_pay=None if wallet is None else _easy_pay(wallet))


def masked_card_number(number: str) -> str:
    """Mask a card number as the provider does: its first eight digits and three near the end stay."""
    return f"{number[:8]}****{number[12:-1]}*"


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
