"""The page of a cash receipt that came with no payment; its key, which nobody can guess, opens it."""

from collections.abc import Mapping

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from payments_mock.receipts.page import CONTENT_SECURITY_POLICY, receipts
from payments_mock.services.cash_receipts import find_cash_receipt

WORDS: Mapping[str, Mapping[str, str]] = {
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


@receipts.get("/cash/<receipt_key>")
def show_cash_receipt(receipt_key: str) -> Response:
    """Show a cash receipt, or a cancel of one, without the number of its customer."""
    receipt = find_cash_receipt(receipt_key)
    if receipt is None:
        raise NotFound("there is no such cash receipt")
    language = request.accept_languages.best_match(WORDS) or "ko"
    page = render_template(
        "receipts/cash_receipt.html", receipt=receipt, words=WORDS[language], language=language
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "no-store"
    return response
