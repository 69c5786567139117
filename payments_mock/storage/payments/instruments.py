"""Instruments as one JSON object a payment, and back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Dialect

from payments_mock.domain.payments.instruments import (
    AccountType,
    AcquireStatus,
    Card,
    CardType,
    CashReceiptKind,
    EasyPay,
    GiftCertificate,
    Instruments,
    MobilePhone,
    OwnerType,
    RefundAccount,
    RefundStatus,
    RequestedCashReceipt,
    Transfer,
    VirtualAccount,
)
from payments_mock.storage.columns import JsonText


class InstrumentsColumn(JsonText):
    """A column of `Instruments`."""

    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Turn stored text into instruments."""
        return None if value is None else _instruments_of(value)


@lru_cache(maxsize=1024)
def _instruments_of(text: str) -> Instruments:
    """Read what is looked up again and again, and never changes once it is read."""
    return read_instruments(orjson.loads(text))


def read_instruments(stored: Mapping[str, Any]) -> Instruments:
    """Make instruments of the JSON object that they were stored as."""
    known = {name: _READERS[name](fields) for name, fields in stored.items() if fields is not None}
    return Instruments(**known)


def _card(fields: dict[str, Any]) -> Card:
    kinds = {"card_type": CardType, "owner_type": OwnerType, "acquire_status": AcquireStatus}
    return Card(**fields | {name: kind(fields[name]) for name, kind in kinds.items()})


def _virtual_account(fields: dict[str, Any]) -> VirtualAccount:
    account = fields["refund_account"]
    return VirtualAccount(
        **fields
        | {
            "due_at": datetime.fromisoformat(fields["due_at"]),
            "account_type": AccountType(fields["account_type"]),
            "refund_status": RefundStatus(fields["refund_status"]),
            "refund_account": None if account is None else RefundAccount(**account),
        }
    )


def _cash_receipt(fields: dict[str, Any]) -> RequestedCashReceipt:
    return RequestedCashReceipt(**fields | {"kind": CashReceiptKind(fields["kind"])})


_READERS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "card": _card,
    "virtual_account": _virtual_account,
    "easy_pay": lambda fields: EasyPay(**fields),
    "mobile_phone": lambda fields: MobilePhone(**fields),
    "transfer": lambda fields: Transfer(**fields),
    "cash_receipt": _cash_receipt,
    "gift_certificate": lambda fields: GiftCertificate(**fields),
}
