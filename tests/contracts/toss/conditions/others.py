"""Codes that come of cards, accounts, lists and windows."""

from testkit.inside.cards import numbered
from tests.contracts.toss.conditions.doing import (
    charge_deleted,
    charge_with_an_expired_card,
    deposit_after,
    deposit_twice,
    due_in,
    issue_after,
    pay_order_again,
    receipt_twice,
    reverse_after_refund,
)
from tests.contracts.toss.conditions.payments import Condition

CARDS: tuple[Condition, ...] = (
    ("a card without its number", "INVALID_REQUIRED_PARAM", lambda s: s.key_in(cardNumber=None)),
    ("an order id of 5 characters", "INVALID_ORDER_ID", lambda s: s.key_in(orderId="short")),
    ("an order name of 101 characters", "INVALID_ORDER_NAME", lambda s: s.key_in(orderName="이" * 101)),
    ("a paid order", "DUPLICATED_ORDER_ID", lambda s: pay_order_again(s)),
    ("the first six digits of a card", "INVALID_CARD_NUMBER", lambda s: s.key_in(cardNumber="536510")),
    ("a month that has passed", "INVALID_CARD_EXPIRATION", lambda s: s.key_in(cardExpirationYear="20")),
    (
        "a birthday that does not exist",
        "INVALID_BIRTH_DAY_FORMAT",
        lambda s: s.key_in(customerIdentityNumber="880230"),
    ),
    (
        "a business number with a wrong check digit",
        "INVALID_CARD_IDENTITY",
        lambda s: s.key_in(customerIdentityNumber="1248100999"),
    ),
    ("a wrong card password", "INVALID_CARD_PASSWORD", lambda s: s.key_in(cardPassword="99")),
    ("an address that is none", "INVALID_EMAIL", lambda s: s.key_in(customerEmail="nobody")),
    (
        "a card of a kind that can't be charged",
        "NOT_SUPPORTED_CARD_TYPE",
        lambda s: s.key_in(cardNumber="4330121234567890"),
    ),
    ("a suspended card", "INVALID_STOPPED_CARD", lambda s: s.key_in(cardNumber=numbered("0101"))),
    ("a stolen card", "INVALID_CARD_LOST_OR_STOLEN", lambda s: s.key_in(cardNumber=numbered("0102"))),
    ("a rejected card", "INVALID_REJECT_CARD", lambda s: s.key_in(cardNumber=numbered("0103"))),
    ("an issuer that declines", "REJECT_CARD_COMPANY", lambda s: s.key_in(cardNumber=numbered("0104"))),
    ("a card without money", "REJECT_CARD_PAYMENT", lambda s: s.key_in(cardNumber=numbered("0105"))),
    ("an issuer that fails", "CARD_PROCESSING_ERROR", lambda s: s.key_in(cardNumber=numbered("0106"))),
    ("an unusable card", "INVALID_CARD", lambda s: s.key_in(cardNumber=numbered("0107"))),
    (
        "a card that was used too often today",
        "EXCEED_MAX_DAILY_PAYMENT_COUNT",
        lambda s: s.key_in(cardNumber=numbered("0108")),
    ),
    (
        "more than the card's limit",
        "EXCEED_MAX_PAYMENT_AMOUNT",
        lambda s: s.key_in(cardNumber=numbered("0109"), amount=100_001),
    ),
    ("a customer key of one character", "INVALID_CUSTOMER_KEY", lambda s: s.register_card(customerKey="x")),
    (
        "an auth key of long ago",
        "INVALID_BILLING_AUTH",
        lambda s: issue_after(s, minutes=11),
    ),
    (
        "an auth key of nobody",
        "NOT_FOUND_BILLING",
        lambda s: s.issue_billing(s.authorization(), authKey="unknown"),
    ),
    (
        "a charge of another customer",
        "NOT_MATCHES_CUSTOMER_KEY",
        lambda s: s.charge(s.register_card().get_json(), customerKey="somebody"),
    ),
    ("a charge of a card that has expired", "INVALID_BILL_KEY_REQUEST", charge_with_an_expired_card),
    ("a charge by a deleted key", "ALREADY_REMOVED_BILLING_KEY", charge_deleted),
)

ACCOUNTS: tuple[Condition, ...] = (
    (
        "two due times",
        "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
        lambda s: s.issue_account(validHours=1, dueDate=due_in(s, days=1)),
    ),
    ("an account for 2161 hours", "EXCEED_MAX_VALID_HOURS", lambda s: s.issue_account(validHours=2161)),
    ("an account for 91 days", "EXCEED_MAX_DUE_DATE", lambda s: s.issue_account(dueDate=due_in(s, days=91))),
    ("a due date in the past", "INVALID_DATE", lambda s: s.issue_account(dueDate=due_in(s, days=-1))),
    (
        "a fixed account in escrow",
        "INVALID_VIRTUAL_ACCOUNT_TYPE",
        lambda s: s.issue_account(accountKey="customer", useEscrow=True),
    ),
    ("a second deposit", "ALREADY_COMPLETED_PAYMENT", deposit_twice),
    ("a deposit after the due date", "ALREADY_CLOSE_ACCOUNT", lambda s: deposit_after(s, hours=1, seconds=1)),
    ("a reversal during a refund", "ALREADY_REFUNDING_PAYMENT", reverse_after_refund),
    ("a reversal after a refund", "ALREADY_REFUND_PAYMENT", lambda s: reverse_after_refund(s, days=3)),
    (
        "a receipt for a number of nobody",
        "INVALID_CASH_RECEIPT_INFO",
        lambda s: s.issue_receipt(customerIdentityNumber="12"),
    ),
    ("a second receipt of an order", "DUPLICATED_CASH_RECEIPT", lambda s: receipt_twice(s)),
)

LISTS: tuple[Condition, ...] = (
    (
        "a day that is no ISO date",
        "INVALID_ISO_DATE_FORMAT",
        lambda s: s.list("transactions", startDate="1/1/24"),
    ),
    ("an end before the start", "INVALID_DATE", lambda s: s.list("settlements", endDate="2023-12-31")),
    ("5,001 rows at once", "EXCEED_MAX_QUERY_LIMIT", lambda s: s.list("transactions", limit="5001")),
    (
        "a page behind an unknown transaction",
        "INVALID_PAGING_KEY",
        lambda s: s.list("transactions", startingAfter="unknown"),
    ),
)

CHECKOUTS: tuple[Condition, ...] = (
    ("a window for an unknown key", "INVALID_CLIENT_KEY", lambda s: s.checkout(clientKey="test_ck_nobody")),
    ("an issuer that does not exist", "INVALID_CARD_COMPANY", lambda s: s.checkout(card={"issuer": "ZZ"})),
    ("a method that does not exist", "NOT_SUPPORTED_METHOD", lambda s: s.checkout(method="BARTER")),
    (
        "a success URL that is none",
        "INCORRECT_SUCCESS_URL_FORMAT",
        lambda s: s.checkout(successUrl="success"),
    ),
    ("a fail URL that is none", "INCORRECT_FAIL_URL_FORMAT", lambda s: s.checkout(failUrl="fail")),
)
