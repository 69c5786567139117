"""Who opens transactions: services alone, and each hands its connection on."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.house import MODULES, is_in, parsed, under

OPENERS = {"connection", "one_change", "transaction", "transaction_on_merchants", "write_giving_way"}
"""The methods of `Database` that open something."""
OF_THE_ENGINE = {"begin", "connect", "raw_connection"}
LENT = {"OpenConnection", "OpenTransaction", "OpenPipeline", "OpenPipelinedTransaction"}
"""What nobody but services and storage imports of the database."""

LENDERS = {"payments_mock.storage.engine.database", "payments_mock.storage.engine.lending"}

OTHERS = [
    module for module in MODULES if not is_in(module, "services", "storage", "kiosk", "database", "testing")
]
"""Everybody else; `database` makes the one that an application has, and the kiosk has its own."""

OF_STORAGE = {
    "payments_mock.storage.engine.database": {"self.engine.connect", "self.transaction_on_merchants"},
    "payments_mock.storage.engine.engines": {"self._engine.raw_connection"},
    "payments_mock.storage.engine.schema": {"engine.connect"},
    "payments_mock.storage.engine.waiting": {"self._engine.connect"},
    "payments_mock.storage.migrations": {"_of_developers.engine.connect"},
}
"""What storage opens itself: what it lends, what looks whether it is back, and what makes tables first."""


def openings(tree: ast.Module) -> Iterator[str]:
    """Find where a module opens a connection or a transaction, or imports what does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in LENDERS:
            yield from (alias.name for alias in node.names if alias.name in LENT)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_engine = node.func.attr in OF_THE_ENGINE and ast.unparse(node.func.value).endswith("engine")
            if node.func.attr in OPENERS or of_engine:
                yield ast.unparse(node.func)


def hidden_channels(tree: ast.Module) -> Iterator[str]:
    """Find what could tell a function whether somebody above it has a transaction."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named = {alias.name for alias in node.names}
            if node.module == "contextvars" or (node.module == "threading" and "local" in named):
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name == "contextvars")
        elif isinstance(node, ast.Attribute) and node.attr == "info":
            yield ast.unparse(node)


@pytest.mark.parametrize("module", OTHERS)
def test_services_alone_open_transactions(module: str) -> None:
    assert list(openings(parsed(module))) == []


def test_storage_opens_only_what_no_call_does() -> None:
    found = {module: set(openings(parsed(module))) - LENT for module in under("storage")}

    assert {module: opened for module, opened in found.items() if opened} == OF_STORAGE


@pytest.mark.parametrize("module", under("services", "storage"))
def test_who_opens_a_transaction_hands_its_connection_on(module: str) -> None:
    assert list(hidden_channels(parsed(module))) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("from payments_mock.storage.engine.lending import OpenTransaction", "OpenTransaction"),
        ("with context.database.transaction() as connection: pass", "context.database.transaction"),
        ("with self._database.connection() as connection: pass", "self._database.connection"),
        ("connection = db.engine.connect()", "db.engine.connect"),
    ],
)
def test_a_planted_opening_is_found(planted: str, found: str) -> None:
    assert list(openings(ast.parse(planted))) == [found]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("from contextvars import ContextVar", "contextvars"),
        ("import contextvars", "contextvars"),
        ("from threading import Lock, local", "threading"),
        ("connection.info['callbacks'] = []", "connection.info"),
    ],
)
def test_a_planted_channel_is_found(planted: str, found: str) -> None:
    assert list(hidden_channels(ast.parse(planted))) == [found]
