"""Let several threads act at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")

WAIT_SECONDS = 60


def at_once(actions: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run every action in a thread of its own, all released together; return their results in order."""
    barrier = Barrier(len(actions))

    def released(action: Callable[[], Result]) -> Result:
        barrier.wait(WAIT_SECONDS)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        runs = [pool.submit(released, action) for action in actions]
        return [run.result(WAIT_SECONDS) for run in runs]
