"""The cash receipt that comes with a payment, as a request asks for it."""

from collections.abc import Mapping

from payments_mock.contracts.toss.words import find_cash_receipt_kind
from payments_mock.domain.methods import RequestedCashReceipt
from payments_mock.services.cash_receipts import want_cash_receipt
from payments_mock.services.context import Context


def read_cash_receipt(context: Context, fields: Mapping[str, str] | None) -> RequestedCashReceipt | None:
    """Return the wish that a `cashReceipt` object states, None where none is wanted.

    Raises:
        CashReceiptInfoError: `registrationNumber` can't tell whose the receipt is.
    """
    kind = find_cash_receipt_kind(fields["type"]) if fields else None
    if fields is None or kind is None:
        return None
    return want_cash_receipt(context, kind, fields.get("registrationNumber", ""))
