"""The parts of the Payment object that tell how it was paid; what was not used is null."""

from datetime import datetime, timedelta
from typing import Any

from payments_mock.contracts.toss.present.times import present_local_time
from payments_mock.contracts.toss.words import provider_name, word
from payments_mock.domain.korea import KOREA
from payments_mock.domain.methods import Card, EasyPay, Instruments, VirtualAccount
from payments_mock.domain.payment import Payment
from payments_mock.domain.virtual_accounts import is_expired, refund_status

NONE_YET = Instruments()


def present_instruments(
    payment: Payment, now: datetime, receipt: str | None, language: str
) -> dict[str, Any]:
    """Show how a payment was paid, or is to be; `receipt` is the address of its receipt page."""
    used = payment.instruments or NONE_YET
    # A card is told of without its settlement.
    settlement = {} if used.card is not None else {"settlementStatus": settlement_status(payment, now)}
    phone, easy_pay = used.mobile_phone, used.easy_pay
    return {
        "card": None if used.card is None else _card(used.card, receipt, language),
        "virtualAccount": (
            None
            if used.virtual_account is None
            else _virtual_account(used.virtual_account, payment, now, language) | settlement
        ),
        "transfer": used.transfer and {"bankCode": used.transfer.bank_code, **settlement},
        "mobilePhone": phone and {"customerMobilePhone": phone.number, **settlement, "receiptUrl": receipt},
        "giftCertificate": used.gift_certificate
        and {"approveNo": used.gift_certificate.approve_no, **settlement},
        "easyPay": None if easy_pay is None else _easy_pay(easy_pay, language),
        "easyPayAmount": easy_pay.amount if easy_pay else 0,
        "easyPayDiscountAmount": easy_pay.discount_amount if easy_pay else 0,
    }


def settlement_status(payment: Payment, now: datetime) -> str:
    """Tell whether the sale is settled: from the day after it, on the Korean calendar, or by a test."""
    if payment.approved_at is None:
        return "INCOMPLETED"
    if payment.settled_at is not None:
        return "COMPLETED"
    tomorrow = payment.approved_at.astimezone(KOREA).date() + timedelta(days=1)
    return "COMPLETED" if now.astimezone(KOREA).date() >= tomorrow else "INCOMPLETED"


def _card(card: Card, receipt: str | None, language: str) -> dict[str, Any]:
    return {
        "issuerCode": card.issuer_code,
        "acquirerCode": card.acquirer_code,
        "number": card.number,
        "installmentPlanMonths": card.installment_months,
        "isInterestFree": card.is_interest_free,
        "interestPayer": card.interest_payer,
        "approveNo": card.approve_no,
        "useCardPoint": card.use_card_point,
        "cardType": word(card.card_type, language),
        "ownerType": word(card.owner_type, language),
        "acquireStatus": card.acquire_status,
        "receiptUrl": receipt,
        "amount": card.amount,
    }


def _virtual_account(
    account: VirtualAccount, payment: Payment, now: datetime, language: str
) -> dict[str, Any]:
    back = account.refund_account
    return {
        "accountType": word(account.account_type, language),
        "accountNumber": account.account_number,
        "bankCode": account.bank_code,
        "customerName": account.customer_name,
        "depositorName": account.depositor_name,
        "dueDate": present_local_time(account.due_at),
        "expired": is_expired(payment, now),
        "refundStatus": refund_status(payment, account, now),
        "refundReceiveAccount": back
        and {
            "bankCode": back.bank_code,
            "accountNumber": back.account_number,
            "holderName": back.holder_name,
        },
    }


def _easy_pay(easy_pay: EasyPay, language: str) -> dict[str, Any]:
    return {
        "provider": provider_name(easy_pay.provider, language),
        "amount": easy_pay.amount,
        "discountAmount": easy_pay.discount_amount,
    }
