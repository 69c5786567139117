"""One call of a contract's operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request

from payments_mock.services.context import Context


@dataclass(slots=True)
class Call:
    """One authenticated call of an operation; its query and body are filled in once they are checked."""

    context: Context
    request: Request
    path: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
