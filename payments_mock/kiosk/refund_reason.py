"""Why money goes back where nobody said why."""

DEFAULT_REASON = "USER_REQUEST"
CANCELED_ELSEWHERE = "CANCELED_AT_PROVIDER"
