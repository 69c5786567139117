"""The kiosk contract, of the integration guide."""

from typing import TYPE_CHECKING

from payments_mock.contracts.kiosk.paths import ROUTES
from payments_mock.domain.sandboxes import ContractName
from payments_mock.http.outline import Outline

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract


def _load() -> "Contract":
    # A server must be up before anybody calls, and most have callers of one contract alone.
    from payments_mock.contracts.kiosk.contract import KIOSK_CONTRACT

    return KIOSK_CONTRACT


KIOSK = Outline(ContractName.KIOSK, ROUTES, _load)

__all__ = ["KIOSK"]
