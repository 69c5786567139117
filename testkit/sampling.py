"""Chooses cases of the tests that have many, for runs in which somebody waits."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pytest

EVERY_CASE = "every_case"
"""Marks a test whose cases differ so much that each must run."""

A_FEW = "a_few"
"""Marks a file whose tests take long and go much the same ways: so many of them stand for the others."""

Key = TypeVar("Key")


def leave_out_cases(config: pytest.Config, items: list[pytest.Item], at_most: int) -> None:
    """Leave so many cases of each test, evenly spread over all; the first and the last are among them.

    Of what is left of a file that is marked `a_few`, so many tests are left as the mark says, spread so too.
    """
    cases = _grouped(items, lambda item: item.nodeid.partition("[")[0])
    left_out = {case for each in cases.values() for case in _not_sampled(each, at_most)}
    marked = [item for item in items if item not in left_out and item.get_closest_marker(A_FEW)]
    for few in _grouped(marked, lambda item: item.path).values():
        left_out |= _not_sampled(few, next(few[0].iter_markers(A_FEW)).args[0])
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


def _grouped(
    items: Iterable[pytest.Item], key: Callable[[pytest.Item], Key]
) -> Mapping[Key, list[pytest.Item]]:
    """Group what may be left out: what is skipped stands for nothing."""
    groups: dict[Key, list[pytest.Item]] = {}
    for item in items:
        if not is_skipped(item) and item.get_closest_marker(EVERY_CASE) is None:
            groups.setdefault(key(item), []).append(item)
    return groups


def _not_sampled(items: list[pytest.Item], at_most: int) -> set[pytest.Item]:
    return set(items) - set(sample(items, at_most))


def is_skipped(item: pytest.Item) -> bool:
    """Tell whether it is known by now that a test will be skipped, such as one that waits for CI."""
    return any(mark.args[:1] == (True,) for mark in item.iter_markers("skipif"))


def sample(cases: list[pytest.Item], at_most: int) -> Iterable[pytest.Item]:
    """Return so many of them, evenly spread."""
    return [cases[number] for number in evenly_spread(len(cases), at_most)]


def evenly_spread(count: int, at_most: int) -> Iterable[int]:
    """Return so many numbers from 0 to `count` - 1, the first and the last among them: 0, 3, 6 of 7."""
    if count <= at_most or at_most < 2:
        return range(min(count, at_most))
    return [number * (count - 1) // (at_most - 1) for number in range(at_most)]
