"""Count what a sandbox holds, settle it, and list settlements and transactions."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from payments_mock.domain.errors import NotApprovedError, PagingKeyError, PaymentError, PaymentNotFoundError
from payments_mock.domain.payments.payment import PAID_STATES, Payment
from payments_mock.domain.reports import (
    DateType,
    Days,
    Entry,
    Period,
    Settlement,
    check_page_size,
    settle,
    settled_sales,
)
from payments_mock.domain.sandboxes import ContractName, Merchant
from payments_mock.domain.values import immutable
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import change_now, change_payment
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage import reports
from payments_mock.storage import sandboxes as merchants
from payments_mock.storage.engine.database import Database


class NoReportsError(PaymentError):
    """The merchant's contract lists neither transactions nor settlements."""


def find_report_lag(database: Database, merchant: Merchant) -> timedelta:
    """Return how late the merchant's lists are, on the clock of its sandbox."""
    with database.connection() as connection:
        return reports.find_lag(connection, merchant.id)


def set_report_lag(database: Database, merchant: Merchant, lag: timedelta) -> None:
    """Make the merchant's lists this late from now on; looking a payment up is never late.

    Raises:
        NoReportsError: the merchant's contract has no such lists.
        SandboxNotFoundError: the sandbox was deleted meanwhile.
    """
    if merchant.contract is ContractName.KIOSK:
        raise NoReportsError("only sandboxes on the contract toss list transactions and settlements")
    with database.transaction() as connection:
        if merchants.find_merchant(connection, merchant.code) is None:
            raise SandboxNotFoundError(f"there is no sandbox {merchant.code}")
        reports.set_lag(connection, merchant.id, lag)


@immutable
class SettlementQuery:
    """Which settlements are asked for; `page` is counted from 1."""

    days: Days
    date_type: DateType
    page: int
    size: int


def list_settlements(context: Context, query: SettlementQuery) -> list[Settlement]:
    """Return one page of the merchant's settlements, the oldest first, as far as its lists have come.

    Raises:
        QueryLimitError: more were asked for than one call can list.
    """
    check_page_size("size", query.size)
    with context.database.connection() as connection:
        known_until = context.now() - reports.find_lag(connection, context.merchant.id)
        period = settled_sales(query.days, query.date_type, known_until)
        if period is None:
            return []
        entries = reports.list_numbered_page(connection, context.merchant.id, period, query.page, query.size)
    return [settle(entry) for entry in entries]


def request_settlement(context: Context, connection: Connection, payment_key: str) -> None:
    """Accept a merchant's request to settle a payment; it changes nothing, as payments settle by themselves.

    Raises:
        PaymentNotFoundError: the merchant has no such payment, or it was never paid.
    """
    if change_payment(context, connection, payment_key, lambda _: None).approved_at is None:
        raise PaymentNotFoundError(f"the payment {payment_key} was never paid, so there is nothing to settle")


@immutable
class TransactionQuery:
    """Which movements are asked for: those of a period, after the one under `starting_after`, if any."""

    period: Period
    limit: int
    starting_after: str | None = None


def list_transactions(context: Context, query: TransactionQuery) -> list[Entry]:
    """Return one page of the merchant's movements of money, the oldest first, as far as its lists have come.

    Raises:
        QueryLimitError: more were asked for than one call can list.
        PagingKeyError: the merchant has no transaction under `starting_after`.
    """
    check_page_size("limit", query.limit)
    merchant_id = context.merchant.id
    with context.database.connection() as connection:
        after = None
        if query.starting_after is not None:
            after = reports.find_position(connection, merchant_id, query.starting_after)
            if after is None:
                raise PagingKeyError(f"no transaction has the key {query.starting_after}")
        lag = reports.find_lag(connection, merchant_id)
        # Without a lag, even a clock that was set back hides nothing.
        period = query.period if not lag else query.period.until(context.now() - lag)
        return reports.list_entries(connection, merchant_id, period, after, query.limit)


def settle_payment(context: Context, payment_key: str) -> Payment:
    """Mark a payment as settled, after which it can't be canceled; doing it twice changes nothing.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        NotApprovedError: nothing was paid.
    """

    def decide(payment: Payment) -> tuple[Payment, None] | None:
        if payment.state not in PAID_STATES:
            raise NotApprovedError("the payment is not approved, so there is nothing to settle")
        if payment.settled_at is not None:
            return None
        return replace(payment, settled_at=context.now(), revision=payment.revision + 1), None

    return change_now(context, payment_key, decide)
