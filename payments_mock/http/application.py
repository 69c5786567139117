"""The Flask application, without what Flask does at every call for features that are not used here."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Application(Flask):
    """Flask for functions that are all synchronous."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none here is a coroutine, which Flask would find out anew at every call."""
        return func
