"""Reading the sales and cancels of one merchant page by page, as settlements list them."""

from sqlalchemy import Connection, bindparam

from payments_mock.domain.ledger import Entry
from payments_mock.domain.periods import Period
from payments_mock.storage.tables import transactions
from payments_mock.storage.transactions import entry, select_entries

_select_numbered_page = select_entries.where(transactions.c.at >= bindparam("start")).offset(
    bindparam("before")
)


def list_numbered_page(
    connection: Connection, merchant_id: int, period: Period, page: int, size: int
) -> list[Entry]:
    """Read one page of the movements of the period, the oldest first; pages are counted from 1."""
    values = {
        "merchant_id": merchant_id,
        "start": period.start,
        "end": period.end,
        "most": size,
        "before": (page - 1) * size,
    }
    return [entry(row) for row in connection.execute(_select_numbered_page, values)]
