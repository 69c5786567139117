"""What merchants and shoppers of the scenarios ask for, by the words of the features."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

CHOICES: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "a card in 2 instalments": {"card": {"installmentPlanMonths": 2}},
        "a card in 13 instalments": {"card": {"installmentPlanMonths": 13}},
        "a check card in 2 instalments": {"card": {"installmentPlanMonths": 2, "type": "CHECK"}},
        "a transfer with a cash receipt": {"method": "계좌이체", "cashReceipt": {"type": "소득공제"}},
    }
)
"""What a shopper chooses in the window, where it is more than a method."""

_CHANGES: Mapping[str, Mapping[str, dict[str, Any]]] = MappingProxyType(
    {
        "confirm": {
            "the amount as text": {"amount": "10000"},
            "another amount": {"amount": 9999},
            "an amount in words": {"amount": "ten"},
            "an amount of 0": {"amount": 0},
            "another order": {"orderId": "another_one"},
            "a payment key that nobody has": {"paymentKey": "unknown"},
            "no amount and no payment key": {"amount": None, "paymentKey": None},
        },
        "cancel": {
            "no reason": {"cancelReason": None},
            "an empty reason": {"cancelReason": ""},
            "an amount of 0": {"cancelAmount": 0},
            "an amount in words": {"cancelAmount": "some"},
            "less left to refund than there is": {"refundableAmount": 9999},
            "dollars": {"currency": "USD"},
            "a payment key and a memo": {"paymentKey": "whatever", "memo": {"a": 1}},
        },
        "window": {
            "a client key that nobody has": {"clientKey": "test_ck_nobody"},
            "the secret key in place of the client key": {"clientKey": "test_sk_toss_dummy"},
            "a method that does not exist": {"method": "BARTER"},
            "a success page that is no address": {"successUrl": "success"},
            "a fail page that is no address": {"failUrl": "fail"},
            "an order id that is too short": {"orderId": "short"},
            "an amount of 0": {"amount": 0},
            "dollars": {"currency": "USD"},
        },
        "virtual account": {
            "both 24 hours and a due date": {"validHours": 24, "dueDate": "2999-01-01T00:00:00"},
            "2,161 hours": {"validHours": 2161},
            "a due date far away": {"dueDate": "2999-01-01T00:00:00"},
            "a due date in the past": {"dueDate": "2020-01-01T00:00:00"},
            "a due date in words": {"dueDate": "tomorrow"},
            "a bank that does not exist": {"bank": "없는은행"},
            "a bank that opens none": {"bank": "카카오"},
            "an account key of 14 digits": {"accountKey": "12345678901234"},
            "an account key, and escrow": {"accountKey": "customer-1", "useEscrow": True},
            "an amount of 199": {"amount": 199},
            "an empty customer's name": {"customerName": ""},
        },
        "refund account": {
            "a bank that does not exist": {"bank": "없는은행"},
            "a number that is too short": {"accountNumber": "12345"},
            "a number that takes no refund": {"accountNumber": "1101230000"},
            "somebody else's name": {"holderName": "불일치"},
        },
    }
)


def changes(request: str, words: str) -> dict[str, Any]:
    """Return the fields that `words` put into a request; KeyError where they say nothing."""
    return _CHANGES[request][words]
