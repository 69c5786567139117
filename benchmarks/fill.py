"""Fill a SQLite file with stored payments by cloning the rows of a few that came in through the API.

The tables are read from the file itself, so the fill follows whatever the schema is. A row belongs to a
payment when it holds the payment's key or order, or refers by foreign key to a row that does. In a clone the
key and the order are replaced, references follow, integer keys continue, other unique texts get a new tail.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, Table, UniqueConstraint, create_engine, event

from benchmarks.errors import FillError
from benchmarks.operations import Payment

SCATTER = 2_654_435_761
KEY_SPACE = 2**32
KEY_ENDING = "-stored-key"
ORDER_ENDING = "-stored-order"

Row = Mapping[str, str]
"""A stored row: column names with their values as SQL literals."""


@dataclass(frozen=True)
class Template:
    """A payment stored through the API, to be cloned `count` times; `first` keeps clones of several apart."""

    payment: Payment
    count: int
    first: int = 0

    def clone(self, number: int) -> Payment:
        """Return the clone of that number, 1 to `count`; its key is scattered over the index."""
        tail = f"{(self.first + number) * SCATTER % KEY_SPACE:08x}"
        return Payment(tail + KEY_ENDING, tail + ORDER_ENDING)

    def sample(self, most: int) -> list[Payment]:
        """Return up to `most` clones picked at random over the whole count."""
        numbers = random.Random(self.first).sample(range(1, self.count + 1), min(most, self.count))
        return [self.clone(number) for number in numbers]

    @property
    def numbers(self) -> str:
        """The table expressions that yield each clone's number `n` and the `tail` that `clone` computes."""
        return (
            "WITH RECURSIVE counted(n) AS "
            f"(SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {self.count}), "
            "clones(n, tail) AS "
            f"(SELECT n, printf('%08x', (n + {self.first}) * {SCATTER} % {KEY_SPACE}) FROM counted)"
        )


BOUNDED_TABLES = frozenset({"journal"})
"""What a server keeps the newest of only, however many payments there are."""


def fill(database: Path, templates: Sequence[Template]) -> None:
    """Clone the templates inside the file; a server that has it open must have nothing to do meanwhile.

    Raises FillError when a unique column is neither an integer, a text nor part of a payment's names.
    """
    engine = _engine(database)
    try:
        metadata = MetaData()
        metadata.reflect(engine)
        for template in templates:
            with engine.begin() as connection:
                _Cloning(connection, template).clone_all(metadata.sorted_tables)
    finally:
        engine.dispose()


def _engine(database: Path) -> Engine:
    """Return an engine that writes fast and need not survive a crash: the file is thrown away in the end."""
    engine = create_engine(f"sqlite:///{database}")

    @event.listens_for(engine, "connect")
    def write_fast(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")

    return engine


class _Cloning:
    """The cloning of one template: finds its rows and remembers what references to them become."""

    def __init__(self, connection: Connection, template: Template) -> None:
        self.connection = connection
        self.template = template
        self.became: dict[tuple[str, str, str], str] = {}

    def clone_all(self, tables: Sequence[Table]) -> None:
        """Clone the template's rows; `tables` has the referred to before the referring."""
        for table in tables:
            if table.name in BOUNDED_TABLES:
                continue
            for row in list(self._rows(table)):
                self._clone(table, row)
        if not self.became:
            raise FillError(f"no table holds the payment {self.template.payment.key}")

    def _rows(self, table: Table) -> Iterator[Row]:
        names = [column.name for column in table.columns if column.computed is None]
        literals = ", ".join(f"quote({self._quoted(name)})" for name in names)
        stored = f"SELECT {literals} FROM {self._quoted(table.name)} LIMIT 10000"
        for values in self.connection.exec_driver_sql(stored):
            yield dict(zip(names, values, strict=True))

    def _clone(self, table: Table, row: Row) -> None:
        varied = self._belonging(table, row)
        if not varied:
            return
        for unique in _unique_sets(table):
            if not any(name in varied or row.get(name) == "NULL" for name in unique):
                varied[unique[0]] = self._vary(table, unique[0], row[unique[0]])
        for name, expression in varied.items():
            self.became[table.name, name, row[name]] = expression
        self._insert(table, {**row, **varied})

    def _belonging(self, table: Table, row: Row) -> dict[str, str]:
        """Return the new values of what names the payment or refers to its rows; empty for others' rows."""
        changed = {}
        for name, literal in row.items():
            expression = self._follow(table.columns[name], literal) or self._rename(literal)
            if expression != literal:
                changed[name] = expression
        return changed

    def _follow(self, column: Column[Any], literal: str) -> str | None:
        for key in column.foreign_keys:
            expression = self.became.get((key.column.table.name, key.column.name, literal))
            if expression:
                return expression
        return None

    def _rename(self, literal: str) -> str:
        payment = self.template.payment
        expression = literal
        for name, ending in ((payment.key, KEY_ENDING), (payment.order, ORDER_ENDING)):
            if name in literal:
                expression = f"replace({expression}, '{name}', tail || '{ending}')"
            elif name.encode().hex().upper() in literal:
                expression = (
                    f"CAST(replace(CAST({expression} AS TEXT), '{name}', tail || '{ending}') AS BLOB)"
                )
        return expression

    def _vary(self, table: Table, name: str, literal: str) -> str:
        if literal.lstrip("-").isdigit():
            largest = f"SELECT max({self._quoted(name)}) FROM {self._quoted(table.name)}"
            return f"{self.connection.exec_driver_sql(largest).scalar_one()} + n"
        if literal.startswith("'"):
            return f"substr({literal}, 1, max(length({literal}) - 8, 0)) || tail"
        raise FillError(f"cannot make up a new value for {table.name}.{name}, now {literal}")

    def _insert(self, table: Table, values: Row) -> None:
        target = f"{self._quoted(table.name)} ({', '.join(self._quoted(name) for name in values)})"
        clones = f"{self.template.numbers} SELECT {', '.join(values.values())} FROM clones"
        self.connection.exec_driver_sql(f"INSERT INTO {target} {clones}")

    def _quoted(self, name: str) -> str:
        return self.connection.dialect.identifier_preparer.quote(name)


def _unique_sets(table: Table) -> list[list[str]]:
    """Return the sets of columns of which no two rows may hold the same, the primary key first."""
    sets = [
        *[constraint.columns for constraint in table.constraints if isinstance(constraint, UniqueConstraint)],
        *[index.columns for index in table.indexes if index.unique],
    ]
    names = [[column.name for column in columns] for columns in (table.primary_key.columns, *sets)]
    return [each for each in names if each]
