"""Why money goes back where nobody said why."""

DEFAULT_REASON = "USER_REQUEST"
