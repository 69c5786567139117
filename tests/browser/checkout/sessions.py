"""Windows opened as the scripts open them, without a shop's page."""

import requests

from tests.browser.checkout.shopper import new_order


def open_session(provider: str, **fields: object) -> str:
    """Ask for a payment as a script does, and return the address of its window."""
    body = {
        "clientKey": "test_ck_toss_dummy",
        "orderId": new_order(),
        "orderName": "1-카라멜 팝콘 외 2건",
        "amount": 68000,
        "successUrl": f"{provider}/health",
        "failUrl": f"{provider}/health",
        **fields,
    }
    return _address(provider, "sessions", body)


def open_billing_session(provider: str, **fields: object) -> str:
    """Ask for a card to be registered as a script does, and return the address of the window."""
    body = {
        "clientKey": "test_ck_toss_dummy",
        "customerKey": "customer-1",
        "method": "CARD",
        "successUrl": f"{provider}/health",
        "failUrl": f"{provider}/health",
        **fields,
    }
    return _address(provider, "billing-sessions", body)


def _address(provider: str, kind: str, body: dict[str, object]) -> str:
    answer = requests.post(f"{provider}/checkout/{kind}", json=body, timeout=10)
    answer.raise_for_status()
    return provider + str(answer.json()["windowPath"])
