"""List what is paid out to a merchant, and ask for a payout by hand."""

from dataclasses import dataclass

from payments_mock.domain.errors import PaymentNotFoundError
from payments_mock.domain.periods import Days, check_page_size
from payments_mock.domain.settlement import DateType, Settlement, settle, settled_sales
from payments_mock.services.context import Context
from payments_mock.services.lookup import find_payment
from payments_mock.storage import reports
from payments_mock.storage import settlements as store
from payments_mock.storage.database import reading


@dataclass(frozen=True, slots=True)
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
    with reading() as connection:
        known_until = context.now() - reports.find_lag(connection, context.merchant.id)
        period = settled_sales(query.days, query.date_type, known_until)
        if period is None:
            return []
        entries = store.list_numbered_page(connection, context.merchant.id, period, query.page, query.size)
    return [settle(entry) for entry in entries]


def request_settlement(context: Context, payment_key: str) -> None:
    """Take a merchant's request to settle a payment, which changes nothing: each is settled by itself.

    Raises:
        PaymentNotFoundError: the merchant has no such payment, or it was never paid.
    """
    if find_payment(context, payment_key).approved_at is None:
        raise PaymentNotFoundError(f"the payment {payment_key} was never paid, so there is nothing to settle")
