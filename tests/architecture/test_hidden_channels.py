"""What a function needs is passed to it: only what Flask calls reaches for the request and its record."""

import ast
from collections.abc import Collection, Iterator, Mapping

import pytest

from tests.architecture.house import MODULES, is_in, parsed

PROVIDER = [module for module in MODULES if not is_in(module, "kiosk")]

OF_THE_CALL = {"request", "current_call"}
"""What stands for the call that Flask answers; whoever Flask calls hands on what others need of it."""

CALLED_BY_FLASK = {
    "payments_mock.api.wire": {"_enter", "answering"},
    "payments_mock.checkout.acts": {"BrowserActs.note"},
    "payments_mock.checkout.routes": {
        "CheckoutPages.billing_decisions",
        "CheckoutPages.billing_page",
        "CheckoutPages.billing_sessions",
        "CheckoutPages.checkout_of_payment",
        "CheckoutPages.decisions",
        "CheckoutPages.sdk_refusals",
        "CheckoutPages.sessions",
        "CheckoutPages.widget",
        "CheckoutPages.window_page",
        "CheckoutPages._refuse",
        "CheckoutPages._visit",
        "_answer",
    },
    "payments_mock.control.api": {"_answer_with", "_refuse_path"},
    "payments_mock.http.access_log": {"attach_access_log"},
    "payments_mock.http.dispatcher": {
        "Dispatcher._answer_http_error",
        "Dispatcher._answer_outage",
        "Dispatcher._serve",
    },
    "payments_mock.http.health": {"Figures._count_call"},
    "payments_mock.inspector.pages": {"InspectorPages.show", "_protect"},
    "payments_mock.receipts": {"receipts"},
    "payments_mock.reference.pages": {
        "HomePages.explain",
        "HomePages.show",
        "ReferencePages.document",
        "ReferencePages.viewer",
    },
    "payments_mock.webhooks.outbox_hooks": {"OutboxHooks._arrange"},
}
"""The views, hooks and error handlers that read these, and the one helper of views that they share."""

OF_THE_APPLICATION = {"current_app", "app_ctx", "has_app_context", "has_request_context"}
"""Nobody needs these, as everything is passed; `copy_current_request_context` and the like use them."""

FINDERS = {"database_of", "dispatcher_of", "outbox_hooks_of", "extensions"}
"""What finds a part of the provider by its application."""

WIRING = (
    *("app", "cli", "http.dispatcher", "server.process"),
    *("storage.engine.database", "webhooks", "webhooks.outbox_hooks"),
)
"""Who finds or registers parts by an application: the start and the end of a process, and the parts."""


def readers_of(names: Collection[str], tree: ast.Module) -> set[str]:
    """Name the functions of a module, and the methods of its classes, that read one of these names."""
    return {name for name, node in _functions(tree) if any(_reads(names, part) for part in ast.walk(node))}


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                yield f"{node.name}.{getattr(member, 'name', '(body)')}", member
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield getattr(node, "name", "(body)"), node


def _reads(names: Collection[str], node: ast.AST) -> bool:
    """Tell whether a node reads one of the names: bare, of Flask's module, or by an import of its own."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return name in names
        case ast.Attribute(attr=name, value=ast.Name(id="flask")):
            return name in names
        case ast.ImportFrom(names=imported):
            return any(alias.name in names for alias in imported)
    return False


def renamed(names: Collection[str], tree: ast.Module) -> list[str]:
    """Find these names where a module imports them under others."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [alias.name for node in imports for alias in node.names if alias.name in names and alias.asname]


def of_the_call(tree: ast.Module) -> set[str]:
    """Name the functions of a module that read the call by what stands for it, by its imports."""
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    known = OF_THE_CALL if "import flask" in ast.unparse(tree).splitlines() else OF_THE_CALL & imported
    taken = {
        name
        for name, node in _functions(tree)
        if any(isinstance(part, ast.arg) and part.arg in OF_THE_CALL for part in ast.walk(node))
    }
    return readers_of(known, tree) - taken


def uses(names: Collection[str], tree: ast.Module) -> set[str]:
    """Find these names wherever a module reads or imports them, bare or as members of anything."""
    members = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    bare = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return (members | bare | imported) & set(names)


def kept_for_a_thread(tree: ast.Module) -> set[str]:
    """Find values that a module keeps for a thread or a context."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(alias.name == "contextvars" for alias in names):
                found.add("contextvars")
            case ast.ImportFrom(module="contextvars"):
                found.add("contextvars")
            case ast.ImportFrom(module="threading", names=names) if "local" in {one.name for one in names}:
                found.add("local")
            case ast.Attribute(value=ast.Name(id="threading"), attr="local"):
                found.add("local")
    return found


CONTAINERS = {"set()", "[]", "{}", "dict()", "list()", "deque()", "Counter()"}
"""What is empty when a module is loaded is there to be filled by calls."""

STATELESS = {"MetaData", "Prepared", "Blueprint", "SQLAlchemy", "TypeVar", "_Look"}
"""Classes whose objects a module may hold under a name in lower case: none of them changes with a call."""


def kept_by_a_module(tree: ast.Module) -> set[str]:
    """Find what a module itself keeps from one call to the next."""
    found = set()
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        made = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
        is_an_object = name.islower() and made.lstrip("_")[:1].isupper() and made not in STATELESS
        if ast.unparse(value) in CONTAINERS or is_an_object:
            found.add(name)
    return found | {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def test_only_what_flask_calls_reads_the_call() -> None:
    found: Mapping[str, set[str]] = {module: of_the_call(parsed(module)) for module in PROVIDER}

    assert {module: names for module, names in found.items() if names} == CALLED_BY_FLASK


@pytest.mark.parametrize("module", PROVIDER)
def test_nobody_reads_the_application_or_renames_what_stands_for_a_call(module: str) -> None:
    tree = parsed(module)

    if not is_in(module, "storage.migrations"):
        assert uses(OF_THE_APPLICATION, tree) == set()
    assert renamed(OF_THE_CALL, tree) == []
    assert kept_for_a_thread(tree) == set()
    assert kept_by_a_module(tree) == set()


@pytest.mark.parametrize("module", [module for module in PROVIDER if not is_in(module, *WIRING)])
def test_the_wiring_alone_finds_parts_by_the_application(module: str) -> None:
    assert uses(FINDERS, parsed(module)) == set()


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("from flask import request\ndef show(): return request.args", {"show"}),
        ("import flask\nclass Page:\n    def show(self): return flask.request", {"Page.show"}),
        ("def show():\n    from flask import request", {"show"}),
        ("from flask import request\nLANGUAGE = request.args['lang']", {"(body)"}),
        ("from payments_mock.api.wire import current_call\ndef show(): current_call()", {"show"}),
        ("def read(request): return request.args", set()),
    ],
)
def test_a_planted_reader_of_the_call_is_found(planted: str, found: set[str]) -> None:
    assert of_the_call(ast.parse(planted)) == found


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("from flask import current_app", {"current_app"}),
        ("import flask\nflask.current_app.config", {"current_app"}),
        ("from flask import has_request_context", {"has_request_context"}),
        ("app.extensions['journal'] = journal", {"extensions"}),
        ("from payments_mock.storage.engine.database import database_of", {"database_of"}),
    ],
)
def test_a_planted_use_of_the_application_is_found(planted: str, found: set[str]) -> None:
    assert uses(OF_THE_APPLICATION | FINDERS, ast.parse(planted)) == found


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("from contextvars import ContextVar", {"contextvars"}),
        ("import contextvars", {"contextvars"}),
        ("from threading import local", {"local"}),
        ("import threading\nheld = threading.local()", {"local"}),
    ],
)
def test_a_planted_value_of_a_thread_is_found(planted: str, found: set[str]) -> None:
    assert kept_for_a_thread(ast.parse(planted)) == found


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("_at_work: set[str] = set()", {"_at_work"}),
        ("KNOWN = {}", {"KNOWN"}),
        ("_outages = OutageLog()", {"_outages"}),
        ("def count():\n    global calls\n    calls += 1", {"calls"}),
        ("MACHINE_TIME = SandboxClock()", set()),
        ("_select = Prepared(select(payments))", set()),
        ("def read():\n    found = []", set()),
    ],
)
def test_a_planted_state_of_a_module_is_found(planted: str, found: set[str]) -> None:
    assert kept_by_a_module(ast.parse(planted)) == found


def test_a_planted_name_for_the_call_is_found() -> None:
    assert renamed(OF_THE_CALL, ast.parse("from flask import request as asked")) == ["request"]


MOST_PARAMETERS = 5


def overloaded(tree: ast.Module) -> dict[str, int]:
    """Return the functions of a module with too many parameters, and how many they have."""
    counts = {
        node.name: len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    return {name: count for name, count in counts.items() if count > MOST_PARAMETERS}


@pytest.mark.parametrize("module", ["payments_mock.http.pipeline", "payments_mock.http.fault_injection"])
def test_the_stages_of_a_call_take_the_call(module: str) -> None:
    assert overloaded(parsed(module)) == {}


def test_a_planted_function_with_too_many_parameters_is_found() -> None:
    assert overloaded(ast.parse("def run(a, b, c, d, e, *, f): pass")) == {"run": 6}
