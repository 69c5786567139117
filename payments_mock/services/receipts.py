"""Issue, cancel and find cash receipts, and find the payment that a receipt is for."""

import re
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from payments_mock.domain.payments.instruments import CashReceiptKind, RequestedCashReceipt
from payments_mock.domain.payments.payment import Payment
from payments_mock.domain.receipts import (
    CashReceipt,
    CashReceiptExistsError,
    CashReceiptNotFoundError,
    ReceiptStep,
    cancel_receipt,
    check_identity_number,
    check_row_limit,
    request_cash_receipt,
)
from payments_mock.domain.values import KOREA, Split, immutable, split
from payments_mock.services.context import Context
from payments_mock.storage import payments as payments_store
from payments_mock.storage import receipts as receipts_store
from payments_mock.storage.engine.database import Database

ISSUE_NUMBER_DIGITS = 9


@immutable
class CashReceiptOrder:
    """What a receipt is asked for; amounts in KRW."""

    order_id: str
    order_name: str
    amount: int
    kind: CashReceiptKind
    identity_number: str
    tax_free_amount: int = 0


@immutable
class CashReceiptPage:
    """Some of the receipts of a day; `last_cursor` asks for those behind them."""

    receipts: list[CashReceipt]
    has_next: bool
    last_cursor: int


def want_cash_receipt(context: Context, kind: CashReceiptKind, identity_number: str) -> RequestedCashReceipt:
    """Return the cash receipt that a payment will come with.

    Raises:
        CashReceiptInfoError: `identity_number` can't tell whose it is.
    """
    number = context.ids.digits(ISSUE_NUMBER_DIGITS)
    return request_cash_receipt(kind, identity_number, context.ids.cash_receipt_key(), number)


def issue_cash_receipt(context: Context, connection: Connection, order: CashReceiptOrder) -> CashReceipt:
    """Store a cash receipt for an order, which need not be one of a payment.

    Raises:
        CashReceiptInfoError: the number can't tell whose it is.
        CashReceiptExistsError: the order has a receipt that was not canceled.
    """
    check_identity_number(order.identity_number)
    receipt = CashReceipt(
        merchant_id=context.merchant.id,
        receipt_key=context.ids.cash_receipt_key(),
        order_id=order.order_id,
        order_name=order.order_name,
        kind=order.kind,
        identity_number=order.identity_number,
        issue_number=context.ids.digits(ISSUE_NUMBER_DIGITS),
        step=ReceiptStep.CONFIRM,
        amount=order.amount,
        tax_free_amount=order.tax_free_amount,
        requested_at=context.now(),
        balance_amount=order.amount,
        tax_free_balance=order.tax_free_amount,
    )
    try:
        receipts_store.add(connection, receipt)
    except receipts_store.OrderHasReceiptError:
        raise CashReceiptExistsError(f"the order {order.order_id} has a cash receipt already") from None
    return receipt


def cancel_cash_receipt(
    context: Context, connection: Connection, receipt_key: str, amount: int | None
) -> CashReceipt:
    """Cancel `amount` KRW of a receipt, None for what is left; returns the receipt that tells of it.

    If another caller canceled a part meanwhile, the decision is made again on what is left.

    Raises:
        CashReceiptNotFoundError, CashReceiptCanceledError, CashReceiptAmountError: as named.
    """
    issue_number = context.ids.digits(ISSUE_NUMBER_DIGITS)
    while True:
        receipt = receipts_store.find_by_key(connection, context.merchant.id, receipt_key)
        if receipt is None or receipt.step is not ReceiptStep.CONFIRM:
            raise CashReceiptNotFoundError(f"no cash receipt has the receiptKey {receipt_key}")
        left, told = cancel_receipt(receipt, amount, context.now(), issue_number)
        if receipts_store.change(connection, left):
            receipts_store.add(connection, told)
            return told


def find_cash_receipt(database: Database, receipt_key: str) -> CashReceipt | None:
    """Return the receipt, or the cancel of one, of whichever merchant, None where there is none."""
    with database.connection() as connection:
        return receipts_store.find_any(connection, receipt_key)


def list_cash_receipts(context: Context, day: date, after: int, limit: int) -> CashReceiptPage:
    """Return at most `limit` of the receipts and cancels of a Korean day, those behind the cursor `after`.

    Raises:
        QueryLimitError: `limit` is more than one answer holds.
    """
    check_row_limit(limit)
    start = datetime.combine(day, time(), KOREA).astimezone(UTC)
    with context.database.connection() as connection:
        found = receipts_store.find_between(
            connection, context.merchant.id, start, start + timedelta(days=1), after, limit + 1
        )
    shown = found[:limit]
    return CashReceiptPage(shown, len(found) > limit, shown[-1].id if shown else after)


MERCHANT_OF_TOKEN = re.compile(r"([0-9a-f]{1,12})-")


@immutable
class Receipt:
    """An approved payment and the public id of its merchant."""

    payment: Payment
    merchant_code: str

    @property
    def split(self) -> Split:
        """How the whole amount was divided when it was paid."""
        return split(self.payment.total_amount, self.payment.tax_free_amount)


def find_receipt(database: Database, payment_key: str, token: str) -> Receipt | None:
    """Return the payment under this key of the merchant that the token names, once it has a receipt.

    It has one from its approval on, and while its virtual account waits for the deposit.

    Merchants may use the same payment key. The caller must compare the token with the payment's own.
    """
    owner = MERCHANT_OF_TOKEN.match(token)
    if owner is None:
        return None
    with database.connection() as connection:
        found = payments_store.find_with_merchant(connection, int(owner[1], 16), payment_key)
    if found is None or found[0].last_transaction_key is None:
        return None
    return Receipt(*found)
