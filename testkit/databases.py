"""Which tests run on which databases."""

import os

import pytest

from payments_mock.storage.engine.engines import POSTGRESQL, SQLITE


def database_kinds(metafunc: pytest.Metafunc) -> list[str]:
    """Return the databases that a test runs on: as it is marked, or every one if all tests are to."""
    if metafunc.definition.get_closest_marker("only_postgresql") is not None:
        return [POSTGRESQL]
    is_marked = metafunc.definition.get_closest_marker("every_database") is not None
    return [SQLITE, POSTGRESQL] if is_marked or runs_all_on_every(metafunc.config) else [SQLITE]


def runs_all_on_every(config: pytest.Config) -> bool:
    """Tell whether all tests run on every database: with the option, or with CI in the environment."""
    return bool(config.getoption("--every-database") or os.environ.get("CI"))
