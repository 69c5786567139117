"""The walls of the house: who may import whom, and who may reach for the time or for chance."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import payments_mock

ROOT = Path(payments_mock.__file__).parent
HOUSE = "payments_mock"
LAST_RESORT = "payments_mock.server.shell"
"""Where a request ends whatever went wrong: the shell logs it and answers 500, once."""


def module_name(file: Path) -> str:
    parts = (HOUSE, *file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted(ROOT.rglob("*.py"))}


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def under(*packages: str) -> list[str]:
    """Name the modules of these packages of the house."""
    return [name for name in MODULES if is_in(name, *packages)]


def is_in(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in house(*packages))


def house(*packages: str) -> tuple[str, ...]:
    return tuple(f"{HOUSE}.{package}" for package in packages)


def imports(module: str) -> Iterator[str]:
    """Find everything that a module imports, wherever in it the import stands."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module is not None
            yield from (imported_module(node.module, alias.name) for alias in node.names)


def imported_module(package: str, name: str) -> str:
    """Tell whether `from package import name` brings a module, or something of the package's own."""
    return f"{package}.{name}" if f"{package}.{name}" in MODULES else package


def of_the_house(module: str) -> list[str]:
    return [name for name in imports(module) if name.split(".")[0] == HOUSE]


def from_elsewhere(module: str) -> set[str]:
    return {name.split(".")[0] for name in imports(module)} - {HOUSE} - sys.stdlib_module_names


def calls(module: str) -> Iterator[str]:
    """Find what a module calls, by its last two names: `datetime.now`, or `uuid4`."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Call):
            yield ".".join(ast.unparse(node.func).split(".")[-2:])


@pytest.mark.parametrize("module", under("domain"))
def test_the_domain_knows_the_standard_library_and_itself(module: str) -> None:
    assert from_elsewhere(module) == set()
    assert [name for name in of_the_house(module) if not is_in(name, "domain")] == []


@pytest.mark.parametrize("module", under("services"))
def test_services_know_the_domain_storage_the_clock_and_ids(module: str) -> None:
    allowed = ("services", "domain", "storage", "clock", "ids")

    assert [name for name in of_the_house(module) if not is_in(name, *allowed)] == []


@pytest.mark.parametrize("module", under("services"))
def test_services_know_no_http(module: str) -> None:
    assert from_elsewhere(module) & {"flask", "werkzeug", "marshmallow", "requests"} == set()


@pytest.mark.parametrize("module", under("storage"))
def test_storage_knows_the_domain(module: str) -> None:
    assert [name for name in of_the_house(module) if not is_in(name, "storage", "domain")] == []


@pytest.mark.parametrize("module", under("contracts"))
def test_no_contract_knows_another(module: str) -> None:
    own = ".".join(module.split(".")[1:3])
    others = [
        name
        for name in of_the_house(module)
        if is_in(name, "contracts") and not is_in(name, own, "contracts")
    ]
    strangers = [name for name in of_the_house(module) if is_in(name, "contracts") and not is_in(name, own)]

    assert others == []
    assert [name for name in strangers if name != f"{HOUSE}.contracts"] == []


@pytest.mark.parametrize("module", under("contracts"))
def test_no_contract_reaches_for_the_tables(module: str) -> None:
    assert [name for name in of_the_house(module) if is_in(name, "storage")] == []


@pytest.mark.parametrize("module", under("kiosk"))
def test_the_sample_kiosk_meets_the_provider_over_http_alone(module: str) -> None:
    assert [name for name in of_the_house(module) if not is_in(name, "kiosk")] == []


def test_who_calls_other_servers_is_known() -> None:
    callers = {module for module in MODULES if from_elsewhere(module) & {"requests", "urllib3", "httpx"}}

    assert [module for module in callers if not is_in(module, "kiosk", "testing", "webhooks")] == []


@pytest.mark.parametrize("module", under("domain", "services"))
def test_time_and_chance_are_passed_in(module: str) -> None:
    asked = {call for call in calls(module) if call.split(".")[-1] in {"now", "utcnow", "today", "urandom"}}

    assert asked <= {"context.now", "self.now"}
    assert {name.split(".")[0] for name in imports(module)} & {"random", "secrets", "time", "uuid"} == set()


@pytest.mark.parametrize("module", MODULES)
def test_nobody_catches_just_anything(module: str) -> None:
    caught = [
        ast.unparse(node.type) if node.type else "everything"
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.ExceptHandler)
    ]

    forbidden = [kind for kind in caught if kind in {"everything", "Exception", "BaseException"}]
    assert forbidden == ["Exception"] * (module == LAST_RESORT)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_stays_short(module: str) -> None:
    assert len(MODULES[module].read_text("utf-8").splitlines()) <= 300


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{module}.{node.name}"
        for module in MODULES
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]

    assert long == []


@pytest.mark.parametrize("module", under("webhooks"))
def test_what_delivers_webhooks_knows_no_contract(module: str) -> None:
    assert [name for name in of_the_house(module) if is_in(name, "contracts")] == []
