"""Issue a virtual account without a payment window."""

from payments_mock.domain.checkout import Choice
from payments_mock.domain.key_families import check_api_key
from payments_mock.domain.methods import Instruments, Method, RequestedCashReceipt
from payments_mock.domain.payment import Payment
from payments_mock.domain.virtual_accounts import AccountOrder, open_account
from payments_mock.services.charge import charge
from payments_mock.services.context import Context
from payments_mock.services.new_payment import PaymentOrder, new_payment


def issue_virtual_account(
    context: Context,
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
    return charge(context, new_payment(context, order), Choice(Method.VIRTUAL_ACCOUNT, instruments))
