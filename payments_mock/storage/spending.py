"""What a shopper spent at one merchant by a method that has a limit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal, select

from payments_mock.domain.methods import Instruments, Method, MobilePhone
from payments_mock.storage.tables import payments


def _spent_by(method: Method, shopper: ColumnElement[bool]) -> Select[Any]:
    # Written into the statement, as the indexes are of one method each.
    written = literal(method, payments.c.method.type, literal_execute=True)
    return select(func.coalesce(func.sum(payments.c.balance_amount), 0)).where(
        payments.c.method == written,
        payments.c.merchant_id == bindparam("merchant_id"),
        shopper,
        payments.c.approved_at >= bindparam("since"),
    )


# A payment by phone has no other instrument, so the whole of them tells the number.
_spent_by_phone = _spent_by(Method.MOBILE_PHONE, payments.c.instruments == bindparam("instruments"))
_spent_by_transfer = _spent_by(Method.TRANSFER, payments.c.customer_key == bindparam("customer_key"))


def spent_by_phone(connection: Connection, merchant_id: int, phone: MobilePhone, since: datetime) -> int:
    """Return the sum in KRW that went on the phone's bill since then, without what was canceled."""
    values = {"merchant_id": merchant_id, "since": since, "instruments": Instruments(mobile_phone=phone)}
    spent: int = connection.execute(_spent_by_phone, values).scalar_one()
    return spent


def spent_by_transfer(connection: Connection, merchant_id: int, customer_key: str, since: datetime) -> int:
    """Return the sum in KRW that the customer transferred since then, without what was canceled."""
    values = {"merchant_id": merchant_id, "since": since, "customer_key": customer_key}
    spent: int = connection.execute(_spent_by_transfer, values).scalar_one()
    return spent
