"""Make a payment of an order, before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from payments_mock.domain.checkout import TIME_TO_AUTHENTICATE
from payments_mock.domain.limits import check_tax_free
from payments_mock.domain.payment import Payment, PaymentKind
from payments_mock.domain.states import State
from payments_mock.services.context import Context


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What is asked to be paid; amounts in KRW."""

    order_id: str
    order_name: str
    amount: int
    success_url: str | None = None
    fail_url: str | None = None
    tax_free_amount: int = 0
    culture_expense: bool = False
    use_escrow: bool = False
    customer_key: str | None = None
    metadata: Mapping[str, str] | None = None
    kind: PaymentKind = PaymentKind.NORMAL


def new_payment(context: Context, order: PaymentOrder) -> Payment:
    """Return a payment that waits for its shopper, under a new payment key.

    Raises:
        TaxFreeAmountError: more is untaxed than is to be paid, or less than nothing.
    """
    check_tax_free(order.tax_free_amount, order.amount)
    now = context.now()
    return Payment(
        merchant_id=context.merchant.id,
        payment_key=context.ids.payment_key(),
        order_id=order.order_id,
        order_name=order.order_name,
        total_amount=order.amount,
        balance_amount=order.amount,
        tax_free_amount=order.tax_free_amount,
        tax_free_balance=order.tax_free_amount,
        culture_expense=order.culture_expense,
        use_escrow=order.use_escrow,
        customer_key=order.customer_key,
        metadata=order.metadata,
        kind=order.kind,
        success_url=order.success_url,
        fail_url=order.fail_url,
        frees_order=False,
        key_family=context.key_family,
        state=State.INITIATED,
        requested_at=now,
        expires_at=now + TIME_TO_AUTHENTICATE,
        receipt_token=context.ids.receipt_token(context.merchant.id),
    )
