"""The whole kiosk contract: its operations and its words."""

from payments_mock.api.operation import Contract
from payments_mock.contracts.kiosk.errors import answer_code, answer_of, present_error, status_by_code
from payments_mock.contracts.kiosk.operations import OPERATIONS
from payments_mock.contracts.kiosk.present import present_payment
from payments_mock.contracts.kiosk.schemas import Error
from payments_mock.domain.sandboxes import ContractName

KIOSK_CONTRACT = Contract(
    ContractName.KIOSK,
    OPERATIONS,
    answer_of,
    present_error,
    answer_code,
    Error(),
    status_by_code,
    present_payment,
)
