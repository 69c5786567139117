"""Chooses cases of the tests that have many, for runs in which somebody waits."""

from collections.abc import Iterable

import pytest

EVERY_CASE = "every_case"
"""Marks a test whose cases differ so much that each must run."""


def leave_out_cases(config: pytest.Config, items: list[pytest.Item], at_most: int) -> None:
    """Leave so many cases of each test, evenly spread over all; the first and the last are among them."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        # What is skipped stands for nothing.
        if not is_skipped(item) and item.get_closest_marker(EVERY_CASE) is None:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = {case for each in cases.values() for case in set(each) - set(sample(each, at_most))}
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


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
