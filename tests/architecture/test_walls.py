"""The walls of the house: who may import whom, and who may reach for the time or for chance."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import (
    HOUSE,
    MODULES,
    Graph,
    Wall,
    circles,
    crowded,
    imports,
    is_in,
    namesakes,
    nodes,
    product,
    public_classes,
    under,
)

LAST_RESORT = "payments_mock.server.shell"
"""Where a request ends whatever went wrong: the shell logs it and answers 500, once."""

WALLS = (
    Wall(
        "the domain knows the standard library and itself",
        behind=("domain",),
        known=("domain",),
        knows_no_library=True,
        planted=("domain.payments.payment", "flask"),
    ),
    Wall(
        "the domain knows no other package",
        behind=("domain",),
        known=("domain",),
        planted=("domain.payments.payment", f"{HOUSE}.services.context"),
    ),
    Wall(
        "storage knows the domain",
        behind=("storage",),
        known=("storage", "domain"),
        planted=("storage.tables", f"{HOUSE}.services.context"),
    ),
    Wall(
        "storage speaks SQL without an ORM; Flask-Migrate alone asks for one",
        behind=("storage",),
        but=("storage.migrations",),
        libraries=frozenset({"flask_sqlalchemy"}),
        planted=("storage.tables", "flask_sqlalchemy"),
    ),
    Wall(
        "services know the domain, storage, the clock and ids",
        behind=("services",),
        known=("services", "domain", "storage", "clock", "ids"),
        planted=("services.billing", f"{HOUSE}.api.errors"),
    ),
    Wall(
        "services know no HTTP",
        behind=("services",),
        libraries=frozenset({"flask", "werkzeug", "marshmallow", "requests"}),
        planted=("services.billing", "flask"),
    ),
    Wall(
        "api, which whoever answers over HTTP shares, knows the domain and services",
        behind=("api",),
        known=("api", "domain", "services"),
        planted=("api.bodies", f"{HOUSE}.http.pipeline"),
    ),
    Wall(
        "http knows no contract, and nobody who answers by it",
        behind=("http",),
        unknown=("contracts", "control", "checkout", "receipts", "reference", "webhooks", "server", "app"),
        planted=("http.pipeline", f"{HOUSE}.contracts.toss.payments"),
    ),
    Wall(
        "the wiring alone names the contracts",
        behind=tuple(sorted({name.split(".")[1] for name in MODULES if "." in name} - {"contracts"})),
        unknown=("contracts",),
        but=("app",),
        planted=("control.payments", f"{HOUSE}.contracts.toss.payments"),
    ),
    Wall(
        "the kiosk contract does not know the Toss contract",
        behind=("contracts.kiosk",),
        unknown=("contracts.toss",),
        planted=("contracts.kiosk.errors", f"{HOUSE}.contracts.toss.errors"),
    ),
    Wall(
        "the Toss contract does not know the kiosk contract",
        behind=("contracts.toss",),
        unknown=("contracts.kiosk",),
        planted=("contracts.toss.errors", f"{HOUSE}.contracts.kiosk.errors"),
    ),
    Wall(
        "no contract reaches for the tables, or knows who answers beside it",
        behind=("contracts",),
        unknown=("storage", "control", "checkout", "reference", "webhooks", "server", "app"),
        planted=("contracts.toss.payments", f"{HOUSE}.storage.tables"),
    ),
    Wall(
        "the sample kiosk meets the provider over HTTP alone",
        behind=("kiosk",),
        known=("kiosk",),
        planted=("kiosk.web.pages", f"{HOUSE}.domain.errors"),
    ),
    Wall(
        "certify meets merchants and the provider over HTTP, by the kit, and tells stories",
        behind=("certify",),
        known=("certify", "child_server", "story", "testing.control_client", "testing.sandbox"),
        planted=("certify.runner", f"{HOUSE}.services.context"),
    ),
    Wall(
        "intercept meets the provider over HTTP, and starts it as a process",
        behind=("intercept",),
        known=("intercept", "child_server"),
        planted=("intercept.gateway", f"{HOUSE}.testing.servers"),
    ),
    Wall(
        "a story knows nobody",
        behind=("story",),
        known=(),
        planted=("story", f"{HOUSE}.domain.errors"),
    ),
)

MOST_MODULES = 210
"""What is more than this has paragraphs that belong together in a chapter."""
COUNTED_APART = {
    "certify": (("certify", "story"), 24),
    "inspector": (("inspector",), 8),
    "intercept": (("intercept",), 12),
}
"""Programs beside the provider, with a most of their own."""


@pytest.fixture(scope="module")
def house() -> Graph:
    return product()


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.says)
def test_the_wall_stands(wall: Wall, house: Graph) -> None:
    assert wall.holes(house) == []


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.says)
def test_a_planted_import_is_found(wall: Wall) -> None:
    inside, outside = wall.planted

    assert wall.holes({f"{HOUSE}.{inside}": [outside]}) == [f"{HOUSE}.{inside} imports {outside}"]


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.says)
def test_somebody_lives_behind_the_wall(wall: Wall) -> None:
    assert under(*wall.behind) != []
    assert f"{HOUSE}.{wall.planted[0]}" in MODULES


def test_no_modules_import_each_other() -> None:
    """What type checkers alone read is left out: it is not there when the program runs."""
    assert circles(product(for_types=False)) == []


def test_a_planted_circle_is_found() -> None:
    graph = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": [], "e": ["a", "flask"]}

    assert circles(graph) == [["a", "b", "c"]]


def test_no_folder_is_crowded() -> None:
    assert crowded(MODULES.values(), most=16) == {}


def test_a_reader_can_hold_the_number_of_modules() -> None:
    apart = {module for packages, _ in COUNTED_APART.values() for module in under(*packages)}

    assert len(MODULES.keys() - apart) <= MOST_MODULES


@pytest.mark.parametrize("program", COUNTED_APART)
def test_a_reader_can_hold_each_program_beside_the_provider(program: str) -> None:
    packages, most = COUNTED_APART[program]

    assert len(under(*packages)) <= most


def test_a_crowded_folder_is_found() -> None:
    files = [Path("house", f"{name}.py") for name in "abc"]

    assert crowded(files, most=2) == {"house": 3}
    assert crowded(files, most=3) == {}


def test_no_two_public_classes_have_one_name() -> None:
    assert namesakes({module: public_classes(module) for module in MODULES}) == {}


def test_a_planted_namesake_is_found() -> None:
    assert namesakes({"a": ["Order", "Claim"], "b": ["Order"]}) == {"Order": ["a", "b"]}


def from_elsewhere(module: str) -> set[str]:
    names = {name.split(".")[0] for name in imports(module)}
    return names - {HOUSE} - sys.stdlib_module_names


def calls(module: str) -> Iterator[str]:
    """Find what a module calls, by its last two names: `datetime.now`, or `uuid4`."""
    for node in nodes(module):
        if isinstance(node, ast.Call):
            yield ".".join(ast.unparse(node.func).split(".")[-2:])


def test_who_calls_other_servers_is_known() -> None:
    callers = {module for module in MODULES if from_elsewhere(module) & {"requests", "urllib3", "httpx"}}

    assert [
        module for module in callers if not is_in(module, "certify", "kiosk", "testing", "webhooks")
    ] == []


def test_intercept_knows_two_libraries_beside_click() -> None:
    known = {name for module in under("intercept") for name in from_elsewhere(module)}

    assert known <= {"click", "cryptography", "certifi"}


@pytest.mark.parametrize("module", under("domain", "services"))
def test_time_and_chance_are_passed_in(module: str) -> None:
    asked = {call for call in calls(module) if call.split(".")[-1] in {"now", "utcnow", "today", "urandom"}}

    assert asked <= {"context.now", "self.now"}
    assert {name.split(".")[0] for name in imports(module)} & {"random", "secrets", "time", "uuid"} == set()


@pytest.mark.parametrize("module", MODULES)
def test_nobody_catches_just_anything(module: str) -> None:
    caught = [
        ast.unparse(node.type) if node.type else "everything"
        for node in nodes(module)
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
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]

    assert long == []
