"""Hold a payment against what the shopper spent before it."""

from payments_mock.domain.limits import check_daily_transfers, check_monthly_phone_bill
from payments_mock.domain.methods import Method
from payments_mock.domain.payment import Payment
from payments_mock.domain.periods import day_in_korea, first_of_month, midnight
from payments_mock.services.context import Context
from payments_mock.storage import spending as store
from payments_mock.storage.database import reading


def check_spending(context: Context, payment: Payment) -> None:
    """Refuse a payment that the phone's bill, or the customer's bank, has no room for.

    Transfers of shoppers whom the merchant gave no `customerKey` are held to be of different people.

    Raises:
        MonthlyPhoneLimitError, DailyTransferLimitError: as named.
    """
    if payment.method is Method.MOBILE_PHONE:
        _check_phone_bill(context, payment)
    if payment.method is Method.TRANSFER and payment.customer_key is not None:
        _check_transfers(context, payment, payment.customer_key)


def _check_phone_bill(context: Context, payment: Payment) -> None:
    phone = payment.instruments.mobile_phone if payment.instruments else None
    if phone is None:
        return
    since = first_of_month(context.now())
    with reading() as connection:
        spent = store.spent_by_phone(connection, context.merchant.id, phone, since)
    check_monthly_phone_bill(spent, payment.total_amount)


def _check_transfers(context: Context, payment: Payment, customer_key: str) -> None:
    since = midnight(day_in_korea(context.now()))
    with reading() as connection:
        spent = store.spent_by_transfer(connection, context.merchant.id, customer_key, since)
    check_daily_transfers(spent, payment.total_amount)
