"""What Schemathesis can't make up, put into the valid data that it makes: a key, a new order, a year to come.

Without them nearly every call would end there, and nothing behind them be tried.
"""

from itertools import count
from typing import Any, Final

import schemathesis

CLIENT_KEY: Final = "test_ck_toss_dummy"
ITS_SANDBOX: Final = "toss"
YEAR_TO_COME: Final = "99"

_orders = count(1)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Put known values into a valid body, and never delete the sandbox of the key."""
    if _deletes(ITS_SANDBOX, case):
        case.path_parameters["sandbox"] = "another"
    body = case.body
    if not (isinstance(body, dict) and case.meta and case.meta.generation.mode.is_positive):
        return
    if "clientKey" in body:
        body["clientKey"] = CLIENT_KEY
    if "orderName" in body:
        body["orderId"] = f"order-{next(_orders)}"
    if "cardExpirationYear" in body:
        body["cardExpirationYear"] = YEAR_TO_COME


def _deletes(sandbox: str, case: Any) -> bool:
    is_deletion = (case.method, case.path) == ("DELETE", "/control/sandboxes/{sandbox}")
    return is_deletion and case.path_parameters["sandbox"] == sandbox
