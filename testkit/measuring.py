"""Which processes measure their coverage: those that run code which no test process runs.

A process that measures needs twice the time to start, and there are hundreds.
"""

import os

_kept: dict[str, str] = {}


def keep_processes_from_measuring() -> None:
    """Take what tells processes to measure out of the environment that they get from us."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        _kept[name] = os.environ.pop(name)


def measured() -> dict[str, str]:
    """Return our environment, for a process that measures its coverage if we do."""
    return {**os.environ, **_kept}
