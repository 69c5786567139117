"""Calls that start at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run every call in a thread of its own, all let go together; return what each gave, in their order."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        gate.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
