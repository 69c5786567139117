"""What a process that is nothing but a server keeps for good, and need not look through for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keeping_all() -> Iterator[None]:
    """Surround what makes things that stay, such as modules: the collector never looks at them.

    Each look at all of them would hold an answer up. What is garbage already is collected before.
    """
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
