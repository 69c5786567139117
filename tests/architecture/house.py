"""The product as a graph: which module imports what, and what walls and rules say of such a graph."""

import ast
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import payments_mock

ROOT = Path(payments_mock.__file__).parent
HOUSE = "payments_mock"

Graph = Mapping[str, Collection[str]]
"""What each module imports, by full names; of what is not ours, the name of the distribution's package."""


def _module_name(file: Path) -> str:
    parts = (HOUSE, *file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_module_name(file): file for file in sorted(ROOT.rglob("*.py"))}


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """Return all nodes of a module, cached, as walking the tree is the slow part."""
    return tuple(ast.walk(parsed(module)))


def is_in(module: str, *packages: str) -> bool:
    """Tell whether a module is one of these packages of the house, or in one."""
    names = [f"{HOUSE}.{package}" for package in packages]
    return any(module == name or module.startswith(f"{name}.") for name in names)


def under(*packages: str) -> list[str]:
    """Name the modules of these packages of the house."""
    return [name for name in MODULES if is_in(name, *packages)]


def imports(module: str, *, for_types: bool = True) -> Iterator[str]:
    """Find all imports of a module, local ones too.

    Without `for_types`, imports for type checkers are left out.
    """
    hidden = set() if for_types else set(_read_by_type_checkers(parsed(module)))
    for node in nodes(module):
        if node in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module is not None
            yield from (_imported_module(node.module, alias.name) for alias in node.names)


def _read_by_type_checkers(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for statement in node.body:
                yield from ast.walk(statement)


def _imported_module(package: str, name: str) -> str:
    """Tell whether `from package import name` brings a module, or something of the package's own."""
    return f"{package}.{name}" if f"{package}.{name}" in MODULES else package


def product(*, for_types: bool = True) -> Graph:
    """Return the graph of the product."""
    return {module: set(imports(module, for_types=for_types)) for module in MODULES}


@dataclass(frozen=True)
class Wall:
    """A rule that some packages import only some others, or never some; `but` are exceptions.

    A wall is of the house's own packages, or of `libraries` that nobody behind it may know. `planted` is an
    import that it must not let pass.
    """

    says: str
    behind: tuple[str, ...]
    planted: tuple[str, str]
    known: tuple[str, ...] | None = None
    unknown: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    libraries: frozenset[str] = frozenset()
    knows_no_library: bool = False

    def holes(self, graph: Graph) -> list[str]:
        """Return the imports that go through the wall, in words."""
        return [
            f"{module} imports {name}"
            for module in sorted(graph)
            if is_in(module, *self.behind) and not is_in(module, *self.but)
            for name in sorted(graph[module])
            if self._forbids(name)
        ]

    def _forbids(self, name: str) -> bool:
        root = name.split(".")[0]
        if root != HOUSE:
            return root in self.libraries or (self.knows_no_library and root not in sys.stdlib_module_names)
        return is_in(name, *self.unknown) or (self.known is not None and not is_in(name, *self.known))


def circles(graph: Graph) -> list[list[str]]:
    """Return the sets of modules that import each other, directly or not (Tarjan's algorithm)."""
    found: list[list[str]] = []
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_modules: list[str] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        open_modules.append(module)
        for name in graph[module]:
            if name in graph and name not in order:
                visit(name)
            if name in open_modules:
                lowest[module] = min(lowest[module], lowest[name])
        if lowest[module] == order[module]:
            start = open_modules.index(module)
            circle = sorted(open_modules[start:])
            del open_modules[start:]
            if len(circle) > 1 or module in graph[module]:
                found.append(circle)

    for module in graph:
        if module not in order:
            visit(module)
    return found


def crowded(files: Collection[Path], most: int) -> dict[str, int]:
    """Return the folders in which more than `most` files stand side by side, and how many do."""
    counts: dict[str, int] = defaultdict(int)
    for file in files:
        counts[str(file.parent)] += 1
    return {folder: count for folder, count in counts.items() if count > most}


def public_classes(module: str) -> list[str]:
    """Name the classes that a module defines for others."""
    body = parsed(module).body
    return [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def namesakes(classes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the names that several modules give a class, with these modules."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module, names in classes.items():
        for name in names:
            homes[name].append(module)
    return {name: modules for name, modules in homes.items() if len(modules) > 1}
