"""How deep searching tests go: less on a laptop than in CI, where nobody waits."""

import os
from typing import TypeVar

import pytest

Amount = TypeVar("Amount")
IS_DEEP = bool(os.environ.get("CI"))


def depth(full: Amount, quick: Amount) -> Amount:
    """Return how much to try: all of it with CI in the environment, as every change meets, else a part."""
    return full if IS_DEEP else quick


waits_for_ci = pytest.mark.skipif(
    not IS_DEEP,
    reason="takes long, and simpler tests hold the most of it: runs with CI in the environment",
)
