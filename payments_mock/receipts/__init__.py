"""The pages of receipts: of a payment with what the shopper paid by, and of a cash receipt."""

import hmac
from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from payments_mock.api.bodies import guard_page
from payments_mock.api.wire import current_call
from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.instruments import Card, Instruments, find_easy_pay_provider
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.values import korea_time, won
from payments_mock.services.context import Database
from payments_mock.services.receipts import find_cash_receipt, find_receipt

MEANS_WORDS: Mapping[str, Mapping[str, str]] = {
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


def means_rows(instruments: Instruments | None, language: str) -> list[tuple[str, str]]:
    """Return names and values in `language`, in the order that they are read in."""
    if instruments is None:
        return []
    words = MEANS_WORDS[language]
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
        yield "phone", f"{number[:3]}{'*' * len(number[3:-4])}{number[-4:]}"
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


WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "title": "결제 영수증",
        "badge": "테스트 결제",
        "merchant": "가맹점",
        "order": "주문번호",
        "key": "결제 키",
        "method": "결제 수단",
        "approved": "승인 일시",
        "supplied": "공급가액",
        "vat": "부가가치세",
        "tax_free": "면세 금액",
        "total": "합계",
        "currency": "원",
        "stamp": "취소됨",
        "partial_stamp": "부분 취소됨",
        "waiting_stamp": "입금 대기",
        "cancels": "취소 내역",
        "canceled": "취소 일시",
        "canceled_amount": "취소 금액",
        "reason": "취소 사유",
        "left": "남은 금액",
        "note": "테스트용 결제입니다. 실제로 청구되지 않습니다.",
        "zone": "모든 시각은 한국 시간입니다",
    },
    "en": {
        "title": "Receipt",
        "badge": "Test payment",
        "merchant": "Merchant",
        "order": "Order",
        "key": "Payment key",
        "method": "Paid by",
        "approved": "Approved",
        "supplied": "Net amount",
        "vat": "VAT",
        "tax_free": "Tax-free amount",
        "total": "Total",
        "currency": "KRW",
        "stamp": "CANCELED",
        "partial_stamp": "PARTLY CANCELED",
        "waiting_stamp": "AWAITING DEPOSIT",
        "cancels": "Refunds",
        "canceled": "Canceled",
        "canceled_amount": "Amount",
        "reason": "Reason",
        "left": "Remaining",
        "note": "A test payment. Nobody was charged.",
        "zone": "All times are Korea Standard Time",
    },
}

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def receipts(database: Database) -> Blueprint:
    """Make the blueprint of the receipts of payments, and of cash receipts that came with none."""
    pages = Blueprint(
        "receipts",
        __name__,
        url_prefix="/receipts",
        template_folder="templates",
        static_folder="static",
        static_url_path="/-",
    )
    pages.add_app_template_filter(korea_time)
    pages.add_app_template_filter(won)

    @pages.get("/<payment_key>")
    def show(payment_key: str) -> Response:
        token, language = request.args.get("token", ""), current_call().reader.language
        return show_receipt(database, payment_key, token, language)

    @pages.get("/cash/<receipt_key>")
    def show_cash(receipt_key: str) -> Response:
        return show_cash_receipt(database, receipt_key, current_call().reader.language)

    return pages


def show_receipt(database: Database, payment_key: str, token: str, language: str) -> Response:
    """Show the receipt of a payment to who holds its token; nobody else learns that it exists.

    Raises:
        NotFound: there is no receipt with this key and token.
    """
    # A database may not take NUL even to compare it.
    receipt = None if "\0" in token else find_receipt(database, payment_key, token)
    if receipt is None or not hmac.compare_digest(receipt.payment.receipt_token.encode(), token.encode()):
        raise NotFound("there is no such receipt")
    return _page(
        "receipts/receipt.html",
        language,
        WORDS,
        receipt=receipt,
        payment=receipt.payment,
        method=_method_name(receipt.payment, language),
        means=means_rows(receipt.payment.instruments, language),
    )


def _page(template: str, language: str, words: Mapping[str, Mapping[str, str]], **values: object) -> Response:
    page = render_template(template, language=language, words=words[language], **values)
    response = guard_page(make_response(page), CONTENT_SECURITY_POLICY)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response


def _method_name(payment: Payment, language: str) -> str:
    method = (payment.method or Method.CARD).definition
    return method.english_name if language == "en" else method.korean_name


CASH_RECEIPT_WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "title": "현금영수증",
        "badge": "테스트",
        "CONFIRM": "승인",
        "CANCEL": "취소",
        "order": "주문번호",
        "number": "승인번호",
        "kind": "용도",
        "INCOME_DEDUCTION": "소득공제",
        "EXPENSE_PROOF": "지출증빙",
        "issued": "발급 일시",
        "tax_free": "면세 금액",
        "currency": "원",
        "note": "테스트용 현금영수증입니다. 국세청에 신고되지 않습니다.",
    },
    "en": {
        "title": "Cash receipt",
        "badge": "Test",
        "CONFIRM": "Issued",
        "CANCEL": "Canceled",
        "order": "Order",
        "number": "Issue number",
        "kind": "Used for",
        "INCOME_DEDUCTION": "Income deduction",
        "EXPENSE_PROOF": "Proof of expense",
        "issued": "Issued at",
        "tax_free": "Tax-free amount",
        "currency": "KRW",
        "note": "A test receipt. No tax service was told.",
    },
}


def show_cash_receipt(database: Database, receipt_key: str, language: str) -> Response:
    """Show a cash receipt, or a cancel of one, without the number of its customer.

    Raises:
        NotFound: there is no cash receipt with this key.
    """
    receipt = find_cash_receipt(database, receipt_key)
    if receipt is None:
        raise NotFound("there is no such cash receipt")
    return _page("receipts/cash_receipt.html", language, CASH_RECEIPT_WORDS, receipt=receipt)
