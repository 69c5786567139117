"""List a merchant's movements of money."""

from dataclasses import dataclass

from payments_mock.domain.errors import PagingKeyError
from payments_mock.domain.ledger import Entry
from payments_mock.domain.periods import Period, check_page_size
from payments_mock.services.context import Context
from payments_mock.storage import reports
from payments_mock.storage import transactions as store
from payments_mock.storage.database import reading


@dataclass(frozen=True, slots=True)
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
    with reading() as connection:
        after = None
        if query.starting_after is not None:
            after = store.find_position(connection, merchant_id, query.starting_after)
            if after is None:
                raise PagingKeyError(f"no transaction has the key {query.starting_after}")
        lag = reports.find_lag(connection, merchant_id)
        # Without a lag even a clock that was put back hides nothing.
        period = query.period if not lag else query.period.until(context.now() - lag)
        return store.list_entries(connection, merchant_id, period, after, query.limit)
