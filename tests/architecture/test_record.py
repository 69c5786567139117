"""What is known of a call travels in its record: `g` has one name of ours, the WSGI environment one key."""

import ast
import re
from collections.abc import Iterator

import pytest

from payments_mock.api.wire import WIRE
from tests.architecture.house import MODULES, is_in, nodes

RECORD_KEEPER = "payments_mock.api.wire"
STANDARD = re.compile(r"[A-Z_]+|wsgi\.\w+")
"""The keys that CGI and WSGI give a meaning."""

READERS_AND_WRITERS = {"get", "pop", "setdefault"}
PROVIDER = [module for module in MODULES if not is_in(module, "kiosk")]


def names_on_g(tree: tuple[ast.AST, ...]) -> set[str]:
    """Find the names that a module reads or writes on Flask's `g`, and any other use of `g`, as `g`."""
    named = [node for node in tree if isinstance(node, ast.Attribute) and _is_g(node.value)]
    holders = {node.value for node in named}
    renamed = [node for node in tree if isinstance(node, ast.alias) and node.name == "g" and node.asname]
    unnamed = renamed or [node for node in tree if _is_g(node) and node not in holders]
    return {f"g.{node.attr}" for node in named} | ({"g"} if unnamed else set())


def _is_g(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="g") | ast.Attribute(attr="g", value=ast.Name(id="flask")):
            return True
    return False


def keys_of_ours(tree: tuple[ast.AST, ...]) -> set[str]:
    """Find the keys that a module reads or writes in a WSGI environment, without those of CGI and WSGI.

    A key that stands under a name from another module is found by this name, in brackets.
    """
    constants = dict(_constants(tree))
    keys = [key for node in tree for key in _keys(node)]
    values = {
        constants.get(key.id, f"({key.id})") if isinstance(key, ast.Name) else _text(key) for key in keys
    }
    return {value for value in values if not STANDARD.fullmatch(value)}


def _keys(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Subscript(value=environ, slice=key) if _is_environ(environ):
            yield key
        case ast.Compare(left=key, comparators=[environ]) if _is_environ(environ):
            yield key
        case ast.Call(func=ast.Attribute(value=environ, attr=name), args=[key, *_]) if _is_environ(environ):
            if name in READERS_AND_WRITERS:
                yield key
            elif name == "update" and isinstance(key, ast.Dict):
                yield from (each for each in key.keys if each is not None)


def _is_environ(node: ast.expr) -> bool:
    match node:
        case ast.Name(id="environ"):
            return True
        case ast.Attribute(attr="environ", value=owner):
            return not (isinstance(owner, ast.Name) and owner.id == "os")
    return False


def _constants(tree: tuple[ast.AST, ...]) -> Iterator[tuple[str, str]]:
    for node in tree:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                yield name, _text(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant() as value):
                yield name, _text(value)
            case ast.ImportFrom(module=module) if module == RECORD_KEEPER:
                yield from ((alias.name, WIRE) for alias in node.names if alias.name == "WIRE")


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def planted(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text)))


def test_g_has_the_record_of_the_call_and_nothing_else() -> None:
    found = {module: names for module in PROVIDER if (names := names_on_g(nodes(module)))}

    assert found == {RECORD_KEEPER: {"g.call"}}


def test_the_environment_has_one_key_of_ours() -> None:
    found = {module: keys for module in PROVIDER if (keys := keys_of_ours(nodes(module)))}

    assert set().union(*found.values()) == {WIRE}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from flask import g\ng.trail = []", "g.trail"),
        ("from flask import g\nprint(g.call, vars(g))", "g"),
        ("from flask import g\nsetattr(g, 'trail', [])", "g"),
        ("from flask import g as shared", "g"),
        ("import flask\nflask.g.trail = []", "g.trail"),
    ],
)
def test_a_planted_name_on_g_is_found(text: str, found: str) -> None:
    assert found in names_on_g(planted(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("environ['payments_mock.trail'] = []", "payments_mock.trail"),
        ("TRAIL = 'payments_mock.trail'\nrequest.environ[TRAIL] = []", "payments_mock.trail"),
        ("TRAIL: Final = 'trail'\nrequest.environ.get(TRAIL)", "trail"),
        ("request.environ.setdefault('payments_mock.trail', [])", "payments_mock.trail"),
        ("asked.environ.update({'payments_mock.trail': []})", "payments_mock.trail"),
        ("is_late = 'payments_mock.late' in environ", "payments_mock.late"),
        ("from payments_mock.other import KEY\nenviron[KEY] = 1", "(KEY)"),
    ],
)
def test_a_planted_key_is_found(text: str, found: str) -> None:
    assert keys_of_ours(planted(text)) == {found}


@pytest.mark.parametrize("text", ["environ['PATH_INFO']", "environ['wsgi.input'] = body", "os.environ['CI']"])
def test_the_keys_that_servers_set_are_left_alone(text: str) -> None:
    assert keys_of_ours(planted(text)) == set()
