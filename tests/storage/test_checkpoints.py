"""SQLite's log is folded into its file between calls, and starts again instead of growing."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from payments_mock.storage.engine.engines import EVERY, Checkpoints

PAGE_BYTES = 4096
PATIENCE_SECONDS = 10


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "payments.db"


@pytest.fixture
def engine(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
        connection.execute(text("CREATE TABLE notes (text TEXT)"))
    return engine


def write(engine: Engine, pages: int = 1) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES (:text)"), {"text": "x" * PAGE_BYTES * pages})


def note_commit(engine: Engine, checkpoints: Checkpoints) -> None:
    with closing(engine.raw_connection()) as connection:
        checkpoints.count(connection)


def log_bytes(file: Path) -> int:
    return file.with_name(file.name + "-wal").stat().st_size


def test_what_was_committed_is_in_the_file_after_a_fold(engine: Engine, file: Path) -> None:
    write(engine, pages=50)

    Checkpoints(engine, longest=1_000).fold()

    assert file.stat().st_size > 50 * PAGE_BYTES


def test_a_long_log_begins_anew(engine: Engine, file: Path) -> None:
    checkpoints = Checkpoints(engine, longest=20)
    write(engine, pages=30)
    before = log_bytes(file)

    for _ in range(5):
        checkpoints.fold()
        write(engine)
        note_commit(engine, checkpoints)
        write(engine, pages=20)

    assert log_bytes(file) == before


def test_a_commit_ends_a_log_that_was_long_when_it_was_folded(engine: Engine, file: Path) -> None:
    checkpoints = Checkpoints(engine, longest=20)
    write(engine, pages=30)
    checkpoints.fold()
    before = file.stat().st_size

    write(engine, pages=10)
    note_commit(engine, checkpoints)

    assert file.stat().st_size >= before + 10 * PAGE_BYTES


def test_no_commit_waits_for_a_log_that_was_short(engine: Engine, file: Path) -> None:
    checkpoints = Checkpoints(engine, longest=1_000)
    write(engine, pages=30)
    checkpoints.fold()
    before = file.stat().st_size

    write(engine, pages=10)
    note_commit(engine, checkpoints)

    assert file.stat().st_size == before


def test_a_thread_folds_once_there_is_enough(engine: Engine, file: Path) -> None:
    checkpoints = Checkpoints(engine, longest=1_000)
    write(engine, pages=50)

    for _ in range(EVERY - 1):
        note_commit(engine, checkpoints)
    assert checkpoints.thread is None
    note_commit(engine, checkpoints)
    assert checkpoints.thread is not None
    checkpoints.thread.join(PATIENCE_SECONDS)

    assert file.stat().st_size > 50 * PAGE_BYTES


def test_a_commit_folds_a_file_that_does_not_wait_for_the_disk(engine: Engine, file: Path) -> None:
    checkpoints = Checkpoints(engine, longest=1_000, waits_for_disk=False)
    write(engine, pages=50)
    before = file.stat().st_size

    for _ in range(EVERY - 1):
        note_commit(engine, checkpoints)
    assert file.stat().st_size == before
    note_commit(engine, checkpoints)

    assert file.stat().st_size >= before + 50 * PAGE_BYTES
    assert checkpoints.thread is None


def test_the_log_of_such_a_file_does_not_grow(engine: Engine, file: Path) -> None:
    checkpoints = Checkpoints(engine, longest=1_000, waits_for_disk=False)
    sizes = []

    for _ in range(5):
        for _ in range(EVERY):
            write(engine)
            note_commit(engine, checkpoints)
        sizes.append(log_bytes(file))

    assert sizes[-1] == sizes[0]
