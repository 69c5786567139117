"""How each instrument is shown: its schema, and the values of its fields."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.api.catalogue import provider_name, word
from payments_mock.api.values import shown_flag, shown_object, shown_text, shown_whole
from payments_mock.domain.accounts import is_expired, refund_status
from payments_mock.domain.payments.instruments import (
    Card,
    EasyPay,
    GiftCertificate,
    MobilePhone,
    Transfer,
    VirtualAccount,
)
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.values import KOREA, immutable

SETTLEMENT_STATUSES = ("INCOMPLETED", "COMPLETED")


def _settlement_status() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(SETTLEMENT_STATUSES))


class CardSchema(Schema):
    """The card that paid."""

    amount = shown_whole()
    issuerCode = shown_text()  # noqa: N815
    acquirerCode = shown_text(null=True)  # noqa: N815
    number = shown_text()
    installmentPlanMonths = shown_whole()  # noqa: N815
    approveNo = shown_text()  # noqa: N815
    useCardPoint = shown_flag()  # noqa: N815
    cardType = shown_text()  # noqa: N815
    ownerType = shown_text()  # noqa: N815
    acquireStatus = shown_text()  # noqa: N815
    isInterestFree = shown_flag()  # noqa: N815
    interestPayer = shown_text(null=True)  # noqa: N815
    receiptUrl = fields.String(allow_none=True)  # noqa: N815


class RefundReceiveAccount(Schema):
    """Where a deposit went back to."""

    bankCode = shown_text()  # noqa: N815
    accountNumber = shown_text()  # noqa: N815
    holderName = shown_text()  # noqa: N815


class VirtualAccountSchema(Schema):
    """The account that waits, or waited, for a deposit."""

    accountType = shown_text()  # noqa: N815
    accountNumber = shown_text()  # noqa: N815
    bankCode = shown_text()  # noqa: N815
    customerName = shown_text()  # noqa: N815
    depositorName = shown_text(null=True)  # noqa: N815
    dueDate = shown_text()  # noqa: N815
    refundStatus = shown_text()  # noqa: N815
    expired = shown_flag()
    settlementStatus = _settlement_status()  # noqa: N815
    refundReceiveAccount = shown_object(RefundReceiveAccount)  # noqa: N815


class TransferSchema(Schema):
    """The bank that transferred."""

    bankCode = shown_text()  # noqa: N815
    settlementStatus = _settlement_status()  # noqa: N815


class MobilePhoneSchema(Schema):
    """The phone whose bill the payment is on."""

    customerMobilePhone = shown_text()  # noqa: N815
    settlementStatus = _settlement_status()  # noqa: N815
    receiptUrl = shown_text(null=True)  # noqa: N815


class GiftCertificateSchema(Schema):
    """The gift certificate that paid."""

    approveNo = shown_text()  # noqa: N815
    settlementStatus = _settlement_status()  # noqa: N815


class EasyPaySchema(Schema):
    """The wallet that paid."""

    provider = shown_text()
    amount = shown_whole()
    discountAmount = shown_whole()  # noqa: N815


@immutable
class Sight:
    """How a payment is looked at: when, in which language, and at which `receipt` page."""

    payment: Payment
    now: datetime
    receipt: str | None
    language: str

    @property
    def settlement(self) -> dict[str, str]:
        """Whether the sale is settled: from the day after it, on the Korean calendar, or by a test."""
        return {"settlementStatus": "COMPLETED" if self._is_settled() else "INCOMPLETED"}

    def _is_settled(self) -> bool:
        approved_at = self.payment.approved_at
        if approved_at is None:
            return False
        tomorrow = approved_at.astimezone(KOREA).date() + timedelta(days=1)
        return self.payment.settled_at is not None or self.now.astimezone(KOREA).date() >= tomorrow


def _card(card: Card, sight: Sight) -> dict[str, Any]:
    return {
        "issuerCode": card.issuer_code,
        "acquirerCode": card.acquirer_code,
        "number": card.number,
        "installmentPlanMonths": card.installment_months,
        "isInterestFree": card.is_interest_free,
        "interestPayer": card.interest_payer,
        "approveNo": card.approve_no,
        "useCardPoint": card.use_card_point,
        "cardType": word(card.card_type, sight.language),
        "ownerType": word(card.owner_type, sight.language),
        "acquireStatus": card.acquire_status,
        "receiptUrl": sight.receipt,
        "amount": card.amount,
    }


def _virtual_account(account: VirtualAccount, sight: Sight) -> dict[str, Any]:
    back = account.refund_account
    return {
        "accountType": word(account.account_type, sight.language),
        "accountNumber": account.account_number,
        "bankCode": account.bank_code,
        "customerName": account.customer_name,
        "depositorName": account.depositor_name or None,
        "dueDate": account.due_at.astimezone(KOREA).isoformat(timespec="seconds"),
        "expired": is_expired(sight.payment, sight.now),
        "refundStatus": refund_status(sight.payment, account, sight.now),
        "refundReceiveAccount": back
        and {
            "bankCode": back.bank_code,
            "accountNumber": back.account_number,
            "holderName": back.holder_name,
        },
        **sight.settlement,
    }


def _transfer(transfer: Transfer, sight: Sight) -> dict[str, Any]:
    return {"bankCode": transfer.bank_code, **sight.settlement}


def _mobile_phone(phone: MobilePhone, sight: Sight) -> dict[str, Any]:
    return {"customerMobilePhone": phone.number, **sight.settlement, "receiptUrl": sight.receipt}


def _gift_certificate(certificate: GiftCertificate, sight: Sight) -> dict[str, Any]:
    return {"approveNo": certificate.approve_no, **sight.settlement}


def _easy_pay(easy_pay: EasyPay, sight: Sight) -> dict[str, Any]:
    return {
        "provider": provider_name(easy_pay.provider, sight.language),
        "amount": easy_pay.amount,
        "discountAmount": easy_pay.discount_amount,
    }


@immutable
class Part:
    """How one of a payment's `Instruments` is shown: the payment's `field`, its schema, and what fills it."""

    instrument: str
    field: str
    schema: type[Schema]
    present: Callable[[Any, Sight], dict[str, Any]]


PARTS = (
    Part("card", "card", CardSchema, _card),
    Part("virtual_account", "virtualAccount", VirtualAccountSchema, _virtual_account),
    Part("transfer", "transfer", TransferSchema, _transfer),
    Part("mobile_phone", "mobilePhone", MobilePhoneSchema, _mobile_phone),
    Part("gift_certificate", "giftCertificate", GiftCertificateSchema, _gift_certificate),
    Part("easy_pay", "easyPay", EasyPaySchema, _easy_pay),
)
"""Every instrument that payments and settlements show."""


def instrument_fields() -> dict[str, fields.Field[Any]]:
    """Make the schema fields that show what a payment was paid with."""
    return {part.field: shown_object(part.schema) for part in PARTS}


_NONE: Mapping[str, None] = {part.field: None for part in PARTS}


def present_instruments(sight: Sight) -> dict[str, Any]:
    """Show what a payment was or will be paid with; the other instruments are null."""
    shown: dict[str, Any] = dict(_NONE)
    used = sight.payment.instruments
    if used is None:
        return shown
    for part in PARTS:
        instrument = getattr(used, part.instrument)
        if instrument is not None:
            shown[part.field] = part.present(instrument, sight)
    return shown
