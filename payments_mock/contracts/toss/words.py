"""The contract's names for values: Korean by default, and the English ones."""

from collections.abc import Mapping
from enum import StrEnum

from payments_mock.contracts.toss.language import ENGLISH
from payments_mock.domain.easy_pay import find_easy_pay_provider
from payments_mock.domain.methods import AccountType, CardType, CashReceiptKind, Method, OwnerType

_KOREAN: Mapping[StrEnum, str] = {
    Method.CARD: "카드",
    Method.VIRTUAL_ACCOUNT: "가상계좌",
    Method.EASY_PAY: "간편결제",
    Method.MOBILE_PHONE: "휴대폰",
    Method.TRANSFER: "계좌이체",
    Method.CULTURE_GIFT_CERTIFICATE: "문화상품권",
    Method.BOOK_GIFT_CERTIFICATE: "도서문화상품권",
    Method.GAME_GIFT_CERTIFICATE: "게임문화상품권",
    CardType.CREDIT: "신용",
    CardType.CHECK: "체크",
    CardType.GIFT: "기프트",
    CardType.UNKNOWN: "미확인",
    OwnerType.PERSONAL: "개인",
    OwnerType.CORPORATE: "법인",
    OwnerType.UNKNOWN: "미확인",
    AccountType.GENERAL: "일반",
    AccountType.FIXED: "고정",
    CashReceiptKind.INCOME_DEDUCTION: "소득공제",
    CashReceiptKind.EXPENSE_PROOF: "지출증빙",
}

_METHODS = {name: method for method in Method for name in (method.value, _KOREAN[method])}

METHOD_NAMES = tuple(_METHODS)
"""Every name that `find_method` knows."""

_CASH_RECEIPT_KINDS = {name: kind for kind in CashReceiptKind for name in (kind.value, _KOREAN[kind])}

CASH_RECEIPT_KIND_NAMES = tuple(_CASH_RECEIPT_KINDS)
"""Every name that `find_cash_receipt_kind` knows."""


def word(value: StrEnum, language: str) -> str:
    """Return the name of a value in `language`; the English names are the reference's enums."""
    return value.value if language == ENGLISH else _KOREAN[value]


def provider_name(provider: str, language: str) -> str:
    """Return the name of an easy pay provider in `language`."""
    found = find_easy_pay_provider(provider)
    if found is None:
        return provider
    return found.english_name if language == ENGLISH else found.korean_name


def find_method(name: str) -> Method | None:
    """Return the method of a Korean or English name."""
    return _METHODS.get(name)


def find_cash_receipt_kind(name: str) -> CashReceiptKind | None:
    """Return the kind of cash receipt of a Korean or English name."""
    return _CASH_RECEIPT_KINDS.get(name)
