"""The instrument that a shopper's choice stands for, and the account that a refund goes to."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from payments_mock.domain.errors import (
    CheckoutOverError,
    RefundAccountInvalidError,
    RefundAccountNumberError,
    RefundBankRefusesError,
    RefundBankUnknownError,
)
from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.methods import (
    GIFT_CERTIFICATES,
    Card,
    CardType,
    EasyPay,
    GiftCertificate,
    Instruments,
    Method,
    MobilePhone,
    RefundAccount,
    RequestedCashReceipt,
    Transfer,
    VirtualAccount,
    find_easy_pay_provider,
)
from payments_mock.domain.payments.payment import Event, Payment, State

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


ACCOUNT_NUMBER = re.compile(r"[0-9]{6,20}")

REFUSING_ACCOUNT_END = "0000"
"""Our own trigger: a bank refuses refunds to an account number that ends so."""

MISMATCHING_HOLDER = "불일치"
"""Our own trigger: no account belongs to a holder of this name, which means "mismatch"."""


def checked_refund_account(bank: str, account_number: str, holder_name: str) -> RefundAccount:
    """Return the account at `bank`, which is a code, or a Korean or English name.

    Raises:
        RefundBankUnknownError, RefundAccountNumberError, RefundAccountInvalidError,
        RefundBankRefusesError: as named.
    """
    found = find_bank(bank)
    if found is None:
        raise RefundBankUnknownError(f"{bank} is not a bank")
    if ACCOUNT_NUMBER.fullmatch(account_number) is None:
        raise RefundAccountNumberError("accountNumber must be 6 to 20 digits")
    if holder_name == MISMATCHING_HOLDER:
        raise RefundAccountInvalidError("the account belongs to somebody else")
    if account_number.endswith(REFUSING_ACCOUNT_END):
        raise RefundBankRefusesError("the bank takes no refund for this account")
    return RefundAccount(found.code, account_number, holder_name)


TIME_TO_AUTHENTICATE = timedelta(minutes=30)
"""How long the window waits for the shopper."""

TIME_TO_CONFIRM = timedelta(minutes=10)
"""How long the merchant has to confirm then (the approval guide: within 10 minutes)."""

LONGEST_URL = 2000
"""How many characters an address of the merchant's may have, wherever it is given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the shopper decided to pay; `decline_code` is why the issuer is going to refuse, if it is."""

    method: Method
    instruments: Instruments
    decline_code: str | None = None


def check_open(payment: Payment) -> None:
    """Refuse to let the shopper act twice, or too late.

    Raises:
        CheckoutOverError: the payment does not wait for its shopper.
    """
    if payment.state is not State.INITIATED:
        raise CheckoutOverError(f"the shopper can't act any more: the payment is {payment.state}")


def authenticate(payment: Payment, choice: Choice, at: datetime) -> Payment:
    """Return the payment as authenticated by the shopper at `at`, waiting for the merchant."""
    return payment.after(
        Event.AUTHENTICATE,
        method=choice.method,
        instruments=choice.instruments,
        decline_code=choice.decline_code,
        expires_at=at + TIME_TO_CONFIRM,
    )
