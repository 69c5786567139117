"""The whole kiosk contract: its operations and its words."""

from payments_mock.api.errors import AuthenticationError
from payments_mock.api.operation import Contract
from payments_mock.contracts.kiosk.errors import answer_code, answer_of, present_error, status_by_code
from payments_mock.contracts.kiosk.operations import OPERATIONS
from payments_mock.contracts.kiosk.present import present_payment
from payments_mock.contracts.kiosk.schemas import KioskErrorSchema
from payments_mock.domain.sandboxes import ContractName

KIOSK_CONTRACT = Contract(
    name=ContractName.KIOSK,
    operations=OPERATIONS,
    answer_of=answer_of,
    present_error=present_error,
    error_schema=KioskErrorSchema(),
    access_errors=(AuthenticationError,),
    answer_code=answer_code,
    codes=status_by_code,
    present_payment=present_payment,
)
