"""SQLite waits for the disk where a database is kept, and never for one that goes with its server."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from payments_mock.storage.engine.engines import prepare_sqlite

OFF, NORMAL = 0, 1


@pytest.mark.parametrize(("is_kept", "synchronous"), [(True, NORMAL), (False, OFF)])
def test_only_what_is_kept_waits_for_the_disk(tmp_path: Path, is_kept: bool, synchronous: int) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'payments.db'}")
    prepare_sqlite(engine, is_kept=is_kept)

    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == synchronous
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()
