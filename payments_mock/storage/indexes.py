"""Indexes that hold some rows only."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Index, MetaData, TextClause, event

from payments_mock.storage.database import db
from payments_mock.storage.engines import POSTGRESQL


def partial_index(
    name: str, *columns: Any, where: ColumnElement[bool] | TextClause, unique: bool = False
) -> Index:
    """Make an index of the rows that `where` is true of."""
    return Index(name, *columns, unique=unique, sqlite_where=where)


# Said to PostgreSQL at once, the condition would import all of its dialect, which everybody would wait for.
@event.listens_for(db.metadata, "before_create")
def _say_conditions_to_postgresql(metadata: MetaData, connection: Connection, **_more: Any) -> None:
    if connection.dialect.name != POSTGRESQL:
        return
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            if condition is not None:
                index.dialect_kwargs[f"{POSTGRESQL}_where"] = condition
