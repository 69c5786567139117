"""Indexes that hold some rows only do so on every database."""

import pytest
from sqlalchemy import create_mock_engine

import payments_mock.storage.webhooks.endpoints  # noqa: F401
from payments_mock.storage import metadata


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_partial_indexes_have_their_condition(database: str) -> None:
    made: list[str] = []
    engine = create_mock_engine(
        f"{database}://", lambda statement, *_: made.append(str(statement.compile(dialect=engine.dialect)))
    )

    metadata.create_all(engine, checkfirst=False)

    partial = [line.split(" INDEX ")[1] for line in made if " INDEX " in line and " WHERE " in line]
    assert {line.split()[0] for line in partial} == {
        "one_approval_an_order",
        "payments_by_phone",
        "payments_by_transfer",
        "payments_running_out",
        "webhook_deliveries_open",
    }
