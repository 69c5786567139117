"""The instruments that payments are made with: cards, accounts, wallets, phones and certificates."""

from datetime import datetime
from enum import StrEnum

from payments_mock.domain.values import immutable

APPROVE_NO = "00000000"
"""The approval number of every test payment, as the provider's own test environment gives."""


def masked_card_number(number: str) -> str:
    """Mask a card number as the provider does: its first eight digits and three near the end stay."""
    return f"{number[:8]}****{number[12:-1]}*"


class CardType(StrEnum):
    """What kind of card it is."""

    CREDIT = "CREDIT"
    CHECK = "CHECK"
    GIFT = "GIFT"
    UNKNOWN = "UNKNOWN"


class OwnerType(StrEnum):
    """Whose card it is."""

    PERSONAL = "PERSONAL"
    CORPORATE = "CORPORATE"
    UNKNOWN = "UNKNOWN"


class AcquireStatus(StrEnum):
    """How far the acquirer is with a card sale."""

    READY = "READY"
    REQUESTED = "REQUESTED"
    COMPLETED = "COMPLETED"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    CANCELED = "CANCELED"


class RefundStatus(StrEnum):
    """How far the refund of a deposit is."""

    NONE = "NONE"
    PENDING = "PENDING"
    FAILED = "FAILED"
    PARTIAL_FAILED = "PARTIAL_FAILED"
    COMPLETED = "COMPLETED"


class AccountType(StrEnum):
    """Whether a virtual account serves one payment or stays with a customer."""

    GENERAL = "GENERAL"
    FIXED = "FIXED"


class CashReceiptKind(StrEnum):
    """What the customer uses a cash receipt for: a deduction from income, or the proof of an expense."""

    INCOME_DEDUCTION = "INCOME_DEDUCTION"
    EXPENSE_PROOF = "EXPENSE_PROOF"


@immutable
class Card:
    """The card that paid, or that is to pay; `number` is masked, `amount` in KRW."""

    amount: int
    issuer_code: str
    acquirer_code: str | None
    number: str
    approve_no: str
    installment_months: int = 0
    is_interest_free: bool = False
    interest_payer: str | None = None
    use_card_point: bool = False
    card_type: CardType = CardType.CREDIT
    owner_type: OwnerType = OwnerType.PERSONAL
    acquire_status: AcquireStatus = AcquireStatus.READY


@immutable
class RefundAccount:
    """Where a deposit is paid back to."""

    bank_code: str
    account_number: str
    holder_name: str


@immutable
class VirtualAccount:
    """The account that waits for the shopper's deposit until `due_at`."""

    bank_code: str
    account_number: str
    customer_name: str
    due_at: datetime
    account_type: AccountType = AccountType.GENERAL
    depositor_name: str = ""
    refund_status: RefundStatus = RefundStatus.NONE
    refund_account: RefundAccount | None = None


@immutable
class EasyPay:
    """The wallet that paid; `amount` (KRW) is what its points or account paid, the rest is on a card."""

    provider: str
    amount: int = 0
    discount_amount: int = 0


@immutable
class MobilePhone:
    """The phone bill that the payment goes on; the number is masked."""

    number: str


@immutable
class Transfer:
    """The bank that transferred."""

    bank_code: str


@immutable
class GiftCertificate:
    """The approval of the gift certificate's company."""

    approve_no: str


@immutable
class RequestedCashReceipt:
    """The cash receipt that the shopper wants, under the key and the number that it gets once there is money.

    `identity_number` tells the tax service whose it is: a phone, business, resident or card number.
    """

    kind: CashReceiptKind
    identity_number: str
    receipt_key: str
    issue_number: str


@immutable
class Instruments:
    """Everything that a payment was paid with; an easy pay payment may have a card beside the wallet.

    A cash receipt may have been asked for along with an account or a transfer.
    """

    card: Card | None = None
    virtual_account: VirtualAccount | None = None
    easy_pay: EasyPay | None = None
    mobile_phone: MobilePhone | None = None
    transfer: Transfer | None = None
    gift_certificate: GiftCertificate | None = None
    cash_receipt: RequestedCashReceipt | None = None


@immutable
class EasyPayProvider:
    """A wallet; the Korean name is the default on the wire, the English one its translation.

    Source: the public reference of Toss Payments, "easy pay provider codes".
    """

    korean_name: str
    english_name: str


EASY_PAY_PROVIDERS = (
    EasyPayProvider("토스페이", "TOSSPAY"),
    EasyPayProvider("네이버페이", "NAVERPAY"),
    EasyPayProvider("삼성페이", "SAMSUNGPAY"),
    EasyPayProvider("애플페이", "APPLEPAY"),
    EasyPayProvider("엘페이", "LPAY"),
    EasyPayProvider("카카오페이", "KAKAOPAY"),
    EasyPayProvider("핀페이", "PINPAY"),
    EasyPayProvider("페이코", "PAYCO"),
    EasyPayProvider("SSG페이", "SSG"),
)
"""Every provider of the reference."""

_BY_NAME = {
    name: provider
    for provider in EASY_PAY_PROVIDERS
    for name in (provider.korean_name, provider.english_name)
}

EASY_PAY_NAMES = tuple(_BY_NAME)
"""Every name that `find_easy_pay_provider` knows."""


def find_easy_pay_provider(name: str) -> EasyPayProvider | None:
    """Return the provider of a Korean or English name, or None where there is none."""
    return _BY_NAME.get(name)
