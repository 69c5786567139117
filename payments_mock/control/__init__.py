"""The control API: what a test decides about the world around the merchant."""

from typing import Final

CONTROL_TOKEN: Final = "CONTROL_TOKEN"  # noqa: S105
"""The configuration key of the token, None where there is none."""

__all__ = ["CONTROL_TOKEN"]
