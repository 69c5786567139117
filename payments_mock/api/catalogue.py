"""The provider's words: values in Korean and English, an answer's language, and error codes."""

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from payments_mock.domain.payments.instruments import (
    AccountType,
    CardType,
    CashReceiptKind,
    OwnerType,
    find_easy_pay_provider,
)
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import State
from payments_mock.domain.sandboxes import Merchant, Switch
from payments_mock.domain.values import immutable

KOREAN = "ko"
ENGLISH = "en"
LONGEST_KNOWN: Final = 200
"""The longest header whose meaning is cached."""


def accepted_language(accepted: str) -> str:
    """Return `en` for a caller whose `Accept-Language` is `en-US` or the like, else `ko`."""
    return _language_of(accepted) if len(accepted) <= LONGEST_KNOWN else _preferred(accepted)


def _preferred(accepted: str) -> str:
    languages = parse_accept_header(accepted, LanguageAccept)
    best = languages.best_match((KOREAN, ENGLISH, "ko-KR", "en-US"), default=KOREAN)
    return ENGLISH if best.startswith(ENGLISH) else KOREAN


_language_of = lru_cache(maxsize=256)(_preferred)


_KOREAN: Mapping[StrEnum, str] = {
    **{method: method.definition.korean_name for method in Method},
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


UNKNOWN_METHOD: Final = "NEW_METHOD"
"""The name of a payment's method when a switch makes it an unknown one."""


def method_name(merchant: Merchant, method: Method | None, language: str) -> str | None:
    """Return the payment method that the merchant is told, in `language`."""
    if method is None:
        return None
    return UNKNOWN_METHOD if Switch.UNKNOWN_METHODS in merchant.switches else word(method, language)


def provider_name(provider: str, language: str) -> str:
    """Return the name of an easy pay provider in `language`."""
    found = find_easy_pay_provider(provider)
    if found is None:
        return provider
    return found.english_name if language == ENGLISH else found.korean_name


def find_method(name: str) -> Method | None:
    """Return the method with this Korean or English name."""
    return _METHODS.get(name)


def find_cash_receipt_kind(name: str) -> CashReceiptKind | None:
    """Return the kind of cash receipt with this Korean or English name."""
    return _CASH_RECEIPT_KINDS.get(name)


STATUS_OF_STATE = {
    State.INITIATED: "READY",
    State.AUTHENTICATED: "IN_PROGRESS",
    State.AWAITING_DEPOSIT: "WAITING_FOR_DEPOSIT",
    State.APPROVED: "DONE",
    State.PARTIALLY_CANCELED: "PARTIAL_CANCELED",
    State.CANCELED: "CANCELED",
    State.ABORTED: "ABORTED",
    State.EXPIRED: "EXPIRED",
}
"""The name of each payment state on the wire."""

EXPIRED_PAYMENT = "EXPIRED_PAYMENT"


@immutable
class CatalogueEntry:
    """One code: the status it comes with, the operations it is documented for, and its messages."""

    status: int
    code: str
    operations: frozenset[str]
    korean: str
    english: str

    def message(self, language: str) -> str:
        """Return the message in `language`, `ko` or `en`."""
        return self.english if language == "en" else self.korean


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """Return the catalogue by code."""
    text = files(__package__).joinpath("catalogue.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["code"]: CatalogueEntry(
            int(row["status"]),
            row["code"],
            frozenset(row["operations"].split()),
            row["korean"],
            row["english"],
        )
        for row in rows
    }


_FAILURES = {
    EXPIRED_PAYMENT: (
        "결제 유효 시간이 지나 만료되었습니다. 다시 결제해주세요.",
        "The payment has expired. Please pay again.",
    )
}
"""Codes that only a payment's `failure` carries, never an answer."""


def failure_message(code: str, language: str) -> str:
    """Return the message of the code that a payment failed with."""
    if code in _FAILURES:
        return _FAILURES[code][language == "en"]
    entry = catalogue().get(code)
    return code if entry is None else entry.message(language)
