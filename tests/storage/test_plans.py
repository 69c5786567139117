"""Every statement finds its rows by an index, however many there are; the architecture names each index."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Delete, Select, UniqueConstraint, Update, create_engine, text

import payments_mock.storage as storage
from payments_mock.storage import metadata
from payments_mock.storage.engine.engines import SQLITE
from payments_mock.storage.engine.prepared import Prepared

pytestmark = pytest.mark.every_database

DESCRIBED = Path(__file__).parents[2] / "docs" / "architecture.md"

PARTS = {
    "receipts._select_any",
    "checkout._select_window",
    "payments._select",
    "webhooks.claims.select_delivery",
    "webhooks.deliveries.select_delivery",
}
"""What is never run as it is: others say which rows of it they want."""

OF_ALL_MERCHANTS = {"payments._select_deadlines", "sandboxes._select_all"}
"""What is about every merchant, and so reads them all."""


OF_POSTGRESQL = {"sandboxes._select_marked_owner"}
"""What SQLite is never asked."""


def statements() -> dict[str, Any]:
    """Return the statements that the modules of the storage are made of, by name."""
    found: dict[str, Any] = {}
    prefix = f"{storage.__name__}."
    for module in pkgutil.walk_packages(storage.__path__, prefix):
        path = module.name.removeprefix(prefix)
        if module.ispkg or path.startswith("migrations"):
            continue
        for name, value in vars(import_module(module.name)).items():
            statement = value.statement if isinstance(value, Prepared) else value
            if isinstance(statement, Select | Update | Delete):
                found[f"{path}.{name}"] = statement
    return found


STATEMENTS = {name: value for name, value in statements().items() if name not in PARTS | OF_ALL_MERCHANTS}


@pytest.fixture(scope="module")
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        metadata.create_all(connection)
        if engine.dialect.name != SQLITE:
            # A table without rows is read as a whole unless that is forbidden.
            connection.execute(text("SET enable_seqscan = off"))
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture(scope="module")
def database_url(new_database: Any) -> str:
    url: str = new_database()
    return url


def scans(connection: Connection, statement: Any) -> list[str]:
    """Return where the database would read a whole table or index; what it has read by then may be."""
    if isinstance(statement, Select):
        # Lists of constants are written out, for which every other value has to be there.
        asked = statement.compile().binds.values()
        statement = statement.params({bind.key: None for bind in asked if bind.required})
    compiled: Any = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver = connection.connection.cursor()
    if connection.dialect.name == SQLITE:
        driver.execute(f"EXPLAIN QUERY PLAN {compiled}", [None] * len(compiled.positiontup))
        return [row[3] for row in driver.fetchall() if re.match(r"SCAN (?!\(subquery|anon_)", row[3])]
    names = re.findall(r"%\((\w+)\)s", str(compiled))
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", str(compiled))
    driver.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}")
    plan = "\n".join(row[0] for row in driver.fetchall())
    steps = re.split(r"\n(?=.*Scan)", plan)
    not_of_a_table = ("Index Cond", "Heap", "Subquery Scan")
    return [step for step in steps if "Scan" in step and not any(kind in step for kind in not_of_a_table)]


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_it_reads_the_rows_that_it_wants_and_no_others(connection: Connection, name: str) -> None:
    if connection.dialect.name == SQLITE and name in OF_POSTGRESQL:
        pytest.skip("asked of PostgreSQL alone")

    assert scans(connection, STATEMENTS[name]) == []


def test_every_index_is_accounted_for() -> None:
    described = DESCRIBED.read_text("utf-8")
    indexes = {index.name for table in metadata.sorted_tables for index in table.indexes}
    unique = {
        constraint.name
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.name
    }

    assert {name for name in indexes | unique if f"`{name}`" not in described} == set()
