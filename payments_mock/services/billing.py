"""Register a customer's card, charge it by its billing key, and the window in which the customer does so."""

from dataclasses import replace

from sqlalchemy import Connection

from payments_mock.domain.billing import (
    BILLING_KEY,
    BillingAuthorization,
    BillingAuthorizationOverError,
    BillingKey,
    BillingKeyRemovedError,
    BillingMeans,
    BillingNotFoundError,
    check_charge,
    check_issuable,
    choice_of,
    means_of_card,
)
from payments_mock.domain.cards import CardData, check_card_data, check_registrable
from payments_mock.domain.errors import CheckoutOverError
from payments_mock.domain.payments.confirmation import check_api_key
from payments_mock.domain.payments.payment import Payment, PaymentKind
from payments_mock.domain.webhooks import BillingDeleted
from payments_mock.services.checkout import check_order_free
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import PaymentOrder, new_payment
from payments_mock.services.payments.lifecycle import charge
from payments_mock.services.webhooks.outbox import announce
from payments_mock.storage import billing as store
from payments_mock.storage import checkout as windows_store
from payments_mock.storage.checkout import Window


def authorize_billing(context: Context, customer_key: str, means: BillingMeans) -> BillingAuthorization:
    """Store what a customer agreed to in the billing window, under a new authKey.

    Raises:
        WidgetKeyError: the window was opened with a key of the payment widget.
    """
    with context.database.transaction() as connection:
        return _authorize(context, connection, customer_key, means)


def _authorize(
    context: Context, connection: Connection, customer_key: str, means: BillingMeans
) -> BillingAuthorization:
    check_api_key(context.key_family)
    authorization = BillingAuthorization(
        context.merchant.id, context.ids.auth_key(), customer_key, means, context.now()
    )
    store.add_authorization(connection, authorization)
    return authorization


def issue_billing_key(
    context: Context, connection: Connection, auth_key: str, customer_key: str
) -> BillingKey:
    """Exchange an authKey for the billing key; however many callers race, one gets it.

    Raises:
        WidgetKeyError, BillingNotFoundError, CustomerMismatchError, BillingAuthorizationOverError,
        CardNotRegistrableError: as named; the authKey stays valid.
    """
    check_api_key(context.key_family)
    now = context.now()
    found = store.find_authorization(connection, context.merchant.id, auth_key)
    if found is None:
        raise BillingNotFoundError("nobody authorized a billing key under this authKey")
    check_issuable(found, customer_key, now)
    check_registrable(found.means.refusal)
    if not store.use_authorization(connection, found, now):
        raise BillingAuthorizationOverError("the authKey was used before")
    key = replace(_new_key(context, customer_key, found.means), authenticated_at=found.authenticated_at)
    store.add_key(connection, key)
    return key


def register_card(context: Context, connection: Connection, customer_key: str, card: CardData) -> BillingKey:
    """Issue a billing key for a card that the merchant keyed in for its customer.

    Raises:
        WidgetKeyError, CardDetailsError, CardNotRegistrableError: as named.
    """
    check_api_key(context.key_family)
    check_card_data(card, context.now())
    means = means_of_card(card)
    check_registrable(means.refusal)
    key = _new_key(context, customer_key, means)
    store.add_key(connection, key)
    return key


def charge_billing_key(
    context: Context,
    connection: Connection,
    billing_key: str,
    customer_key: str,
    order: PaymentOrder,
    installment_months: int,
) -> Payment:
    """Charge what the billing key stands for; an issuer's refusal stores the payment as aborted.

    Raises:
        WidgetKeyError, BillingNotFoundError, BillingKeyRemovedError, CustomerMismatchError,
        BillingCardExpiredError, OrderAlreadyPaidError: as named.
        AmountNotPositiveError, AmountTooSmallError, InstallmentError: the method does not pay this.
    """
    check_api_key(context.key_family)
    key = _find_key(context, connection, billing_key)
    check_charge(key, customer_key, context.now())
    check_order_free(context, connection, order.order_id)
    billed = replace(order, kind=PaymentKind.BILLING, customer_key=customer_key)
    choice = choice_of(key.means, order.amount, installment_months)
    return charge(context, connection, new_payment(context, billed), choice)


def delete_billing_key(context: Context, connection: Connection, billing_key: str) -> None:
    """Delete a billing key, so that nothing is charged by it any more; it stays known as deleted.

    Raises:
        WidgetKeyError, BillingNotFoundError, BillingKeyRemovedError: as named.
    """
    check_api_key(context.key_family)
    _find_key(context, connection, billing_key)
    if not store.remove_key(connection, context.merchant.id, billing_key, context.now()):
        raise BillingKeyRemovedError("the billing key was deleted before")
    announce(context, connection, (BillingDeleted(context.now(), billing_key),))


def _new_key(context: Context, customer_key: str, means: BillingMeans) -> BillingKey:
    return BillingKey(context.merchant.id, context.ids.billing_key(), customer_key, means, context.now())


def _find_key(context: Context, connection: Connection, billing_key: str) -> BillingKey:
    key = None
    if BILLING_KEY.fullmatch(billing_key):
        key = store.find_key(connection, context.merchant.id, billing_key)
    if key is None:
        raise BillingNotFoundError("the merchant has no such billing key")
    return key


def authorize_in_window(
    context: Context, window: Window, customer_key: str, means: BillingMeans
) -> BillingAuthorization:
    """Store what the customer agreed to, and take the window away; of several presses, one gets through.

    Raises:
        CheckoutOverError: the window is gone.
        WidgetKeyError: the window was opened with a key of the payment widget.
    """
    with context.database.transaction() as connection:
        if not windows_store.remove_window(connection, window.token):
            raise CheckoutOverError("something was registered in this window before")
        return _authorize(context, connection, customer_key, means)
