"""How late a merchant's lists of transactions and settlements are."""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from payments_mock.storage.tables import report_lags

_select_lag = select(report_lags.c.lag).where(report_lags.c.merchant_id == bindparam("merchant_id"))


def find_lag(connection: Connection, merchant_id: int) -> timedelta:
    """Read how late the merchant's lists are; nothing unless it was said."""
    return connection.scalar(_select_lag, {"merchant_id": merchant_id}) or timedelta()


def set_lag(connection: Connection, merchant_id: int, lag: timedelta) -> None:
    """Store how late the merchant's lists are."""
    connection.execute(delete(report_lags).where(report_lags.c.merchant_id == merchant_id))
    if lag:
        connection.execute(insert(report_lags).values(merchant_id=merchant_id, lag=lag))
