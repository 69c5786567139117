"""A database that is not kept gets SQLAlchemy's tables by statements that are written down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from payments_mock.storage.columns import metadata
from payments_mock.storage.engine.schema import STATEMENTS, make_at_once
from tests.storage.statements import written


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


def made_in(engine: Engine) -> dict[str, str]:
    """Read what makes each table and index, without the spaces between words."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: "".join(statement.split()) for name, statement in rows}


def test_the_statements_are_those_of_the_tables() -> None:
    assert STATEMENTS.read_text(encoding="utf-8") == written()


def test_a_database_that_is_not_kept_has_the_same_tables_and_indexes(engine: Engine) -> None:
    kept = create_engine("sqlite://")
    metadata.create_all(kept, checkfirst=False)

    make_at_once(engine)

    assert made_in(engine) == made_in(kept)
