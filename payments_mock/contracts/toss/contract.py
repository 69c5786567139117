"""The Toss contract: its operations, its words and its errors."""

from payments_mock.api.catalogue import catalogue
from payments_mock.api.errors import AuthenticationError
from payments_mock.api.operation import Contract
from payments_mock.api.schemas import ContractErrorSchema
from payments_mock.contracts.toss import accounts as virtual_accounts
from payments_mock.contracts.toss import billing, payments, promotions, settlements, transactions
from payments_mock.contracts.toss import direct_charges as key_in
from payments_mock.contracts.toss import receipts as cash_receipts
from payments_mock.contracts.toss.errors import answer_code, answer_of, finish, present_error
from payments_mock.contracts.toss.payment_presentation import present_payment
from payments_mock.domain.sandboxes import ContractName

OPERATIONS = (
    *payments.OPERATIONS,
    *key_in.OPERATIONS,
    *billing.OPERATIONS,
    *virtual_accounts.OPERATIONS,
    *cash_receipts.OPERATIONS,
    *transactions.OPERATIONS,
    *settlements.OPERATIONS,
    *promotions.OPERATIONS,
)


TOSS_CONTRACT = Contract(
    name=ContractName.TOSS,
    operations=OPERATIONS,
    answer_of=answer_of,
    present_error=present_error,
    error_schema=ContractErrorSchema,
    access_errors=(AuthenticationError,),
    answer_code=answer_code,
    codes=catalogue,
    present_payment=present_payment,
    finish=finish,
    is_for_browsers=True,
)
