"""How deep the tests search that grow better with time: less on a laptop than where nobody waits."""

import os


def depth(full: int, quick: int) -> int:
    """Return how much to try: all of it with CI in the environment, as every change meets, else a part."""
    return full if os.environ.get("CI") else quick
