"""All that happened in one sandbox, as far as storage knows."""

from sqlalchemy import Connection, delete

from payments_mock.storage.database import db
from payments_mock.storage.tables import api_keys, merchants

_KEPT = {merchants.name, api_keys.name}


def clear(connection: Connection, merchant_id: int) -> None:
    """Delete every row that belongs to the merchant; the merchant and its keys stay."""
    for table in reversed(db.metadata.sorted_tables):
        if table.name not in _KEPT and "merchant_id" in table.columns:
            connection.execute(delete(table).where(table.c.merchant_id == merchant_id))
