"""What a parameter in a path may hold."""

from typing import Any

from werkzeug.routing import Map, UnicodeConverter


class StorableSegment(UnicodeConverter):
    """A segment of a path without NUL, which databases may not take even to compare it."""

    def __init__(self, map: Map, *arguments: Any, **named: Any) -> None:
        super().__init__(map, *arguments, **named)
        self.regex = r"[^/\x00]+"
