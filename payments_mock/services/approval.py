"""Approve a payment that was asked about, in whichever way it came: by a confirm, or by a charge."""

from dataclasses import replace

from payments_mock.domain.confirmation import approve
from payments_mock.domain.payment import Payment, Transaction, TransactionKind
from payments_mock.services.context import Context


def approve_now(context: Context, payment: Payment) -> tuple[Payment, Transaction]:
    """Return the payment as charged, or with its virtual account issued, and the transaction of that.

    The account's secret is made here, whoever asked for the account.
    """
    approved, movement = approve(payment, context.now(), context.ids.transaction_key())
    if movement.kind is TransactionKind.ISSUE:
        approved = replace(approved, secret=context.ids.virtual_account_secret())
    return approved, movement
