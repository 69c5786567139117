"""Pay into a virtual account, and take a deposit back that the bank reported in error."""

from payments_mock.domain.deposits import Deposit, deposit, reverse_deposit
from payments_mock.domain.payment import Payment
from payments_mock.services.context import Context
from payments_mock.services.transition import change_payment


def deposit_to_payment(context: Context, payment_key: str, paid_in: Deposit) -> Payment:
    """Approve the payment by the deposit that it waits for.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: the bank takes no such deposit; nothing was changed.
    """
    return change_payment(
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
    return change_payment(
        context,
        payment_key,
        lambda payment: reverse_deposit(payment, context.now(), context.ids.transaction_key()),
    )
