"""The whole Toss contract: its operations and its words."""

from payments_mock.contracts.toss.catalogue import catalogue
from payments_mock.contracts.toss.errors import answer_of, answer_test_code, present_error
from payments_mock.contracts.toss.headers import finish
from payments_mock.contracts.toss.routes import OPERATIONS
from payments_mock.contracts.toss.schemas.error import Error
from payments_mock.domain.merchant import ContractName
from payments_mock.http.contract import Contract

TOSS_CONTRACT = Contract(
    ContractName.TOSS,
    OPERATIONS,
    answer_of,
    present_error,
    answer_test_code,
    Error(),
    catalogue,
    finish,
)
