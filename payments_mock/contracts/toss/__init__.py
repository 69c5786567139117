"""The Toss contract: the core API as real clients know it."""

from typing import TYPE_CHECKING

from payments_mock.contracts.toss.paths import ROUTES
from payments_mock.domain.sandboxes import ContractName
from payments_mock.http.outline import Outline

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract


def _load() -> "Contract":
    # A server must be up before anybody calls, and most have callers of one contract alone.
    from payments_mock.contracts.toss.contract import TOSS_CONTRACT

    return TOSS_CONTRACT


TOSS = Outline(ContractName.TOSS, ROUTES, _load, is_for_browsers=True)

__all__ = ["TOSS"]
