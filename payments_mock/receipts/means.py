"""What a receipt says of the means that paid: card, wallet, account, phone or gift certificate."""

from collections.abc import Iterator, Mapping

from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.instruments import Card, Instruments, find_easy_pay_provider

WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "issuer": "카드사",
        "number": "카드 번호",
        "approval": "승인번호",
        "installments": "할부",
        "at_once": "일시불",
        "months": "{months}개월",
        "wallet": "간편결제사",
        "bank": "은행",
        "account": "계좌번호",
        "phone": "휴대폰 번호",
    },
    "en": {
        "issuer": "Card company",
        "number": "Card number",
        "approval": "Approval number",
        "installments": "Instalments",
        "at_once": "Paid at once",
        "months": "{months} months",
        "wallet": "Wallet",
        "bank": "Bank",
        "account": "Account",
        "phone": "Phone number",
    },
}

MASKED_PHONE_DIGITS = slice(3, -4)


def means_rows(instruments: Instruments | None, language: str) -> list[tuple[str, str]]:
    """Return names and values in `language`, in the order that they are read in."""
    if instruments is None:
        return []
    words = WORDS[language]
    return [(words[name], value) for name, value in _rows(instruments, words, language)]


def _rows(instruments: Instruments, words: Mapping[str, str], language: str) -> Iterator[tuple[str, str]]:
    if instruments.easy_pay is not None:
        yield "wallet", _wallet_name(instruments.easy_pay.provider, language)
    if instruments.card is not None:
        yield from _card_rows(instruments.card, words, language)
    if instruments.transfer is not None:
        yield "bank", _bank_name(instruments.transfer.bank_code, language)
    if instruments.virtual_account is not None:
        yield "bank", _bank_name(instruments.virtual_account.bank_code, language)
        yield "account", instruments.virtual_account.account_number
    if instruments.mobile_phone is not None:
        number = instruments.mobile_phone.number
        yield "phone", number.replace(number[MASKED_PHONE_DIGITS], "*" * len(number[MASKED_PHONE_DIGITS]), 1)
    if instruments.gift_certificate is not None:
        yield "approval", instruments.gift_certificate.approve_no


def _card_rows(card: Card, words: Mapping[str, str], language: str) -> Iterator[tuple[str, str]]:
    issuer = find_issuer(card.issuer_code)
    if issuer is not None:
        yield "issuer", _name(issuer.korean_name, issuer.english_name, language)
    yield "number", card.number
    months = card.installment_months
    yield "installments", words["months"].format(months=months) if months else words["at_once"]
    yield "approval", card.approve_no


def _wallet_name(provider: str, language: str) -> str:
    found = find_easy_pay_provider(provider)
    return provider if found is None else _name(found.korean_name, found.english_name, language)


def _bank_name(code: str, language: str) -> str:
    found = find_bank(code)
    return code if found is None else _name(found.korean_name, found.english_name, language)


def _name(korean: str, english: str, language: str) -> str:
    return english if language == "en" else korean
