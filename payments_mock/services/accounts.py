"""Issue virtual accounts, and take deposits into them."""

from sqlalchemy import Connection

from payments_mock.domain.accounts import AccountOrder, Deposit, deposit, open_account, reverse_deposit
from payments_mock.domain.payments.confirmation import Choice, check_api_key
from payments_mock.domain.payments.instruments import Instruments, RequestedCashReceipt
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import PaymentOrder, change_now, new_payment
from payments_mock.services.payments.lifecycle import charge


def deposit_to_payment(context: Context, payment_key: str, paid_in: Deposit) -> Payment:
    """Approve the payment by the deposit that it waits for.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: the bank takes no such deposit; nothing was changed.
    """
    return change_now(
        context,
        payment_key,
        lambda payment: deposit(payment, paid_in, context.now(), context.ids.transaction_key()),
    )


def reverse_payment_deposit(context: Context, payment_key: str) -> Payment:
    """Let the payment wait for its deposit again.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: there is no deposit that can be taken back; nothing was changed.
    """
    return change_now(
        context,
        payment_key,
        lambda payment: reverse_deposit(payment, context.now(), context.ids.transaction_key()),
    )


def issue_virtual_account(
    context: Context,
    connection: Connection,
    order: PaymentOrder,
    wanted: AccountOrder,
    cash_receipt: RequestedCashReceipt | None = None,
) -> Payment:
    """Store a payment that waits for its deposit, with the account and the secret that it was given.

    Raises:
        WidgetKeyError: the call came with a key of the payment widget.
        VirtualAccountError: the account can't be as it is wanted.
        AmountNotPositiveError, AmountTooSmallError, OrderAlreadyPaidError: as `charge`.
    """
    check_api_key(context.key_family)
    account = open_account(wanted, context.merchant.code, f"X{context.ids.digits(13)}", context.now())
    instruments = Instruments(virtual_account=account, cash_receipt=cash_receipt)
    choice = Choice(Method.VIRTUAL_ACCOUNT, instruments)
    return charge(context, connection, new_payment(context, order), choice)
