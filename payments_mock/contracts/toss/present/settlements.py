"""The Settlement object; source: the public reference, "Settlement object"."""

from typing import Any

from payments_mock.contracts.toss.language import answer_language
from payments_mock.contracts.toss.present.instruments import present_instruments
from payments_mock.contracts.toss.present.payment import present_cancel
from payments_mock.contracts.toss.present.times import present_time
from payments_mock.contracts.toss.words import word
from payments_mock.domain.ledger import Entry
from payments_mock.domain.settlement import Settlement
from payments_mock.receipts.links import receipt_url
from payments_mock.services.context import Context

_INSTRUMENTS = ("card", "easyPay", "giftCertificate", "mobilePhone", "transfer", "virtualAccount")
_NOT_IN_A_SETTLEMENT = ("cardDiscountAmount", "transferDiscountAmount")


def present_settlement(context: Context, settlement: Settlement) -> dict[str, Any]:
    """Show one line of a payout; `fee` stands for itself and, with its kind, in `fees`."""
    payment, movement = settlement.entry.payment, settlement.entry.movement
    language = answer_language()
    used = present_instruments(payment, context.now(), receipt_url(payment), language)
    return {
        "mId": context.merchant.code,
        "paymentKey": payment.payment_key,
        "transactionKey": movement.key,
        "orderId": payment.order_id,
        "currency": "KRW",
        "method": None if payment.method is None else word(payment.method, language),
        "amount": settlement.amount,
        "interestFee": 0,
        "fee": settlement.fee,
        "fees": [{"type": "BASE", "fee": settlement.fee}],
        "supplyAmount": settlement.supply_amount,
        "vat": settlement.vat,
        "payOutAmount": settlement.pay_out_amount,
        "approvedAt": present_time(payment.approved_at),
        "soldDate": settlement.sold_on.isoformat(),
        "paidOutDate": settlement.paid_out_on.isoformat(),
        **{name: used[name] for name in _INSTRUMENTS},
        "cancel": _cancel(settlement.entry),
    }


def _cancel(entry: Entry) -> dict[str, Any] | None:
    if not entry.is_cancel:
        return None
    shown = present_cancel(entry.movement)
    return {name: value for name, value in shown.items() if name not in _NOT_IN_A_SETTLEMENT}
