"""Store as many payments and sandboxes as a company's server has, by copying one row of each."""

from collections.abc import Mapping

from sqlalchemy import MetaData, Table, create_engine, text

from benchmarks.errors import FillError

_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"


def crowd(url: str, payment_key: str, payments: int, sandboxes: int) -> None:
    """Copy a payment with its transaction so many times, and its sandbox, whose copies have nothing.

    Raises:
        FillError: no such payment is stored.
    """
    engine = create_engine(url)
    metadata = MetaData()
    metadata.reflect(engine)
    tables = metadata.tables
    with engine.begin() as connection:
        statement = text("SELECT id, merchant_id FROM payments WHERE payment_key = :key")
        found = connection.execute(statement, {"key": payment_key}).first()
        if found is None:
            raise FillError(f"no payment {payment_key} is stored")
        payment_id, merchant_id = found
        copied = {
            "payment_key": "'key-' || n",
            "order_id": "'order-' || n",
            "held_order_id": "'order-' || n",
            "receipt_token": "'token-' || n",
        }
        of_payment = f"id = {payment_id}"
        connection.execute(text(_copies(tables["payments"], copied, of_payment, payments)))
        names = ", ".join(_names(tables["transactions"]))
        of_new = {"payment_id": "new.id", "key": "'moved-' || new.id"}
        values = ", ".join(of_new.get(name, f"old.{name}") for name in _names(tables["transactions"]))
        connection.execute(
            text(
                f"INSERT INTO transactions ({names}) SELECT {values} FROM transactions old, payments new"
                f" WHERE old.payment_id = {payment_id} AND new.merchant_id = {merchant_id}"
                f" AND new.id <> {payment_id} ORDER BY new.id"
            )
        )
        others = {"code": "'s-' || n"}
        connection.execute(text(_copies(tables["merchants"], others, f"id = {merchant_id}", sandboxes)))
    with engine.connect() as connection:
        # As either database does by itself after a while.
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    engine.dispose()


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.name != "id"]


def _copies(table: Table, changed: Mapping[str, str], chosen: str, count: int) -> str:
    names = _names(table)
    values = ", ".join(changed.get(name, name) for name in names)
    numbers = _NUMBERS.format(count=count)
    target = f"INSERT INTO {table.name} ({', '.join(names)})"
    return f"{target} {numbers} SELECT {values} FROM {table.name}, numbers WHERE {chosen}"
