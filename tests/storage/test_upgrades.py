"""A kept database gets the tables of this release, once, or is refused with a line that says why."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text

import payments_mock.storage.faults
import payments_mock.storage.webhooks.endpoints  # noqa: F401
from payments_mock.database import attach_database
from payments_mock.storage.engine.database import database_of
from payments_mock.storage.engine.schema import REVISIONS, DatabaseVersionError
from payments_mock.storage.migrations import FOLDER
from testkit.depth import waits_for_ci
from testkit.races import at_once

pytestmark = pytest.mark.every_database

FIRST, LAST = REVISIONS[0], REVISIONS[-1]
STARTS = 4


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def start(url: str) -> None:
    app = Flask(__name__)
    try:
        attach_database(app, url)
    finally:
        database_of(app).engine.dispose()


def steps() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


def take_steps(engine: Engine, target: str) -> None:
    """Make the tables by the steps, up to one of them."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def revision(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def described(engine: Engine) -> dict[str, Any]:
    """Describe all tables, whatever the order in which their parts were made."""
    looked = inspect(engine)
    return {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in looked.get_columns(name)
            },
            "key": looked.get_pk_constraint(name)["constrained_columns"],
            "indexes": {written(index) for index in looked.get_indexes(name)},
            "unique": {written(constraint) for constraint in looked.get_unique_constraints(name)},
            "references": {written(reference) for reference in looked.get_foreign_keys(name)},
        }
        for name in looked.get_table_names()
    }


def written(described: Any) -> str:
    """Write a description down so that it can be compared, SQL as the text that it is."""
    if isinstance(described, dict):
        return str(sorted((name, written(value)) for name, value in described.items()))
    return str(described)


def numbered_once(engine: Engine) -> set[str]:
    """Return the tables of SQLite that never use a number again."""
    if engine.dialect.name != "sqlite":
        return set()
    statement = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    with engine.connect() as connection:
        return set(connection.scalars(statement))


def test_the_steps_lead_to_the_tables_that_an_empty_database_gets(
    engine: Engine, new_database: Callable[[], str]
) -> None:
    empty = new_database()
    start(empty)
    made = create_engine(empty)

    take_steps(engine, "head")

    assert described(engine) == described(made)
    assert numbered_once(engine) == numbered_once(made)
    made.dispose()


def test_every_step_is_named_in_its_order() -> None:
    assert tuple(reversed([step.revision for step in steps().walk_revisions()])) == REVISIONS


def test_an_empty_database_is_of_this_release(engine: Engine, url: str) -> None:
    start(url)

    assert revision(engine) == LAST


def test_a_database_of_an_older_release_is_upgraded_and_keeps_what_is_in_it(engine: Engine, url: str) -> None:
    take_steps(engine, FIRST)
    values = "('kept', 'KIOSK', '2022-11-16', 0, false, false)"
    columns = "code, contract, version, clock_offset, has_faults, has_webhooks"
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO merchants ({columns}) VALUES {values}"))

    start(url)

    assert revision(engine) == LAST
    assert inspect(engine).has_table("webhook_deliveries")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT code FROM merchants")) == "kept"


def test_entries_of_an_older_journal_are_found(engine: Engine, url: str) -> None:
    take_steps(engine, FIRST)
    facts = {
        "operation": "confirm",
        "method": "POST",
        "payment_key": "pay_1",
        "order_id": None,
        "amount": 1000,
    }
    facts |= {"status": 200, "code": None}
    entries = json.dumps([facts | {"details": {"faults": []}}, facts | {"details": {"faults": ["lost"]}}])
    with engine.begin() as connection:
        values = "(1, 'kept', 'KIOSK', '2022-11-16', 0, false, false)"
        columns = "id, code, contract, version, clock_offset, has_faults, has_webhooks"
        connection.execute(text(f"INSERT INTO merchants ({columns}) VALUES {values}"))
        statement = text("INSERT INTO journal (id, merchant_id, size, entries) VALUES (3, 1, 2, :entries)")
        connection.execute(statement, {"entries": entries})

    start(url)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, payment_key, faults FROM journal_calls ORDER BY id"))
        assert [tuple(row) for row in found] == [(3072, "pay_1", 0), (3073, "pay_1", 1)]
        assert connection.scalar(text("SELECT bytes FROM journal")) == len(entries)


@pytest.mark.parametrize("older", [True, False], ids=["an older release", "none"])
def test_of_many_that_start_at_once_one_makes_the_tables(engine: Engine, url: str, older: bool) -> None:
    if older:
        take_steps(engine, FIRST)

    at_once([lambda: start(url)] * STARTS)

    assert revision(engine) == LAST


def test_a_database_of_a_newer_release_is_refused_and_left_alone(engine: Engine, url: str) -> None:
    start(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseVersionError, match="newer release of payments-mock: its tables are 9999"):
        start(url)

    assert revision(engine) == "9999"


def test_tables_that_nobody_knows_the_release_of_are_refused(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE payments (id INTEGER)"))

    with pytest.raises(DatabaseVersionError, match="tables of these names"):
        start(url)

    assert inspect(engine).get_table_names() == ["payments"]


def modules_after_a_start(url: str) -> set[str]:
    program = (
        "import sys; from flask import Flask; import payments_mock.app;"
        "from payments_mock.database import attach_database;"
        f"attach_database(Flask('any'), {url!r}); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_start_reads_no_migrations_where_there_are_none_to_take(tmp_path: Path) -> None:
    assert "alembic" not in modules_after_a_start(f"sqlite:///{tmp_path / 'payments.db'}")


@waits_for_ci
def test_a_start_imports_no_orm(tmp_path: Path) -> None:
    """It is a tenth of the processor time of a start, and the provider has no use for it."""
    modules = modules_after_a_start(f"sqlite:///{tmp_path / 'payments.db'}")

    assert not modules & {"flask_sqlalchemy", "sqlalchemy.orm"}


@waits_for_ci
def test_a_developer_is_told_that_no_step_is_missing(tmp_path: Path) -> None:
    flask = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "payments_mock.storage.migrations:app_of_developers",
        "db",
    ]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'steps.db'}"}

    for command_name in ("upgrade", "check"):
        done = subprocess.run(
            [*flask, command_name], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
