"""What is known of a contract before it is loaded: its name, and what is called on which path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from payments_mock.domain.sandboxes import ContractName

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract


class Route(NamedTuple):
    """What is called, how and where; `path` is a Flask rule."""

    name: str
    method: str
    path: str


@dataclass(frozen=True)
class Outline:
    """A contract as far as it must be known to tell its paths from others.

    `load` brings the contract itself, with its operations in the order of `routes`. `is_for_browsers` says
    whether pages of other origins may call.
    """

    name: ContractName
    routes: tuple[Route, ...]
    load: Callable[[], "Contract"]
    is_for_browsers: bool = False

    @cached_property
    def methods_by_path(self) -> Mapping[str, set[str]]:
        """The methods that each path takes."""
        table: dict[str, set[str]] = {}
        for route in self.routes:
            table.setdefault(route.path, set()).add(route.method)
        return table
