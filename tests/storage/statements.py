"""The statements that make SQLite's tables, written into the package for a quick start.

After a change of a table: `python -m tests.storage.statements`.
"""

from collections.abc import Iterator

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

import payments_mock.app  # noqa: F401
from payments_mock.storage.columns import metadata
from payments_mock.storage.engine.schema import STATEMENTS


def written() -> str:
    """Return the statements as the file has them: all of them are one transaction."""
    return ";\n\n".join(["BEGIN", *map(_laid_out, _statements()), "COMMIT"]) + ";\n"


def _statements() -> Iterator[CreateTable | CreateIndex]:
    for table in metadata.sorted_tables:
        yield CreateTable(table)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield CreateIndex(index)


def _laid_out(statement: CreateTable | CreateIndex) -> str:
    lines = str(statement.compile(dialect=sqlite.dialect())).expandtabs(4).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())


if __name__ == "__main__":
    STATEMENTS.write_text(written(), encoding="utf-8")
