"""Virtual accounts without a payment window."""

from typing import Any

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.cash_receipt_wish import read_cash_receipt
from payments_mock.contracts.toss.present.payment import present_payment
from payments_mock.contracts.toss.schemas.payment import Payment as PaymentSchema
from payments_mock.contracts.toss.schemas.virtual_accounts import VirtualAccountRequest
from payments_mock.domain import errors, virtual_account_errors
from payments_mock.domain.cash_receipt_errors import CashReceiptInfoError
from payments_mock.domain.key_families import WidgetKeyError
from payments_mock.domain.virtual_accounts import AccountOrder
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.new_payment import PaymentOrder
from payments_mock.services.virtual_accounts import issue_virtual_account


def _issue(call: Call) -> dict[str, Any]:
    body = call.body
    order = PaymentOrder(
        order_id=body["orderId"],
        order_name=body["orderName"],
        amount=body["amount"],
        tax_free_amount=body.get("taxFreeAmount") or 0,
        use_escrow=body.get("useEscrow") or False,
    )
    wanted = AccountOrder(
        bank=body["bank"],
        customer_name=body["customerName"],
        valid_hours=body.get("validHours"),
        due_at=body.get("dueDate"),
        account_key=body.get("accountKey"),
        use_escrow=order.use_escrow,
    )
    receipt = read_cash_receipt(call.context, body.get("cashReceipt"))
    return present_payment(call.context, issue_virtual_account(call.context, order, wanted, receipt))


OPERATIONS = (
    Operation(
        *paths.VIRTUAL_ACCOUNT,
        "Issue a virtual account for a deposit",
        _issue,
        body=VirtualAccountRequest(),
        answer=PaymentSchema(),
        errors=(
            WidgetKeyError,
            errors.OrderAlreadyPaidError,
            errors.AmountNotPositiveError,
            errors.AmountTooSmallError,
            virtual_account_errors.DueTimeGivenTwiceError,
            virtual_account_errors.TooManyValidHoursError,
            virtual_account_errors.DueDateTooFarError,
            virtual_account_errors.DueDatePastError,
            virtual_account_errors.AccountBankError,
            virtual_account_errors.AccountTypeError,
            CashReceiptInfoError,
        ),
    ),
)
