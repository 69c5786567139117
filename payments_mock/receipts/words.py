"""The words of the receipt page, by language."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "title": "결제 영수증",
        "merchant": "가맹점",
        "order": "주문번호",
        "key": "결제 키",
        "method": "결제 수단",
        "CARD": "카드",
        "approved": "승인 일시",
        "canceled": "취소 일시",
        "reason": "취소 사유",
        "supplied": "공급가액",
        "vat": "부가가치세",
        "total": "합계",
        "currency": "원",
        "stamp": "취소됨",
        "note": "테스트용 결제입니다. 실제로 청구되지 않습니다.",
        "zone": "한국 시간",
    },
    "en": {
        "title": "Receipt",
        "merchant": "Merchant",
        "order": "Order",
        "key": "Payment key",
        "method": "Paid by",
        "CARD": "Card",
        "approved": "Approved",
        "canceled": "Canceled",
        "reason": "Reason",
        "supplied": "Supply",
        "vat": "VAT",
        "total": "Total",
        "currency": "KRW",
        "stamp": "CANCELED",
        "note": "A test payment. Nobody was charged.",
        "zone": "Korea time",
    },
}

DEFAULT_LANGUAGE = "ko"
