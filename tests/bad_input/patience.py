"""What Schemathesis does before each request: a call that may be told to wait is not let wait."""

from typing import Any

import schemathesis

MOST_SECONDS = 0.01


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    for fields in (case.query, case.body):
        if isinstance(fields, dict) and is_long(fields.get("wait")):
            fields["wait"] = MOST_SECONDS


def is_long(wait: Any) -> bool:
    """Tell whether this is a number of seconds, or text of one, that would be waited for."""
    try:
        return not isinstance(wait, bool) and float(wait) > MOST_SECONDS
    except (TypeError, ValueError):
        return False
