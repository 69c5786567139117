"""Customers who let a card or an account be charged again and again."""

from urllib.parse import quote

from werkzeug.test import TestResponse

from testkit.inside.cards import CARD
from testkit.inside.toss_merchant import TossMerchant

CUSTOMER = "customer_123"
ORDER = {"amount": 4_900, "customerKey": CUSTOMER, "orderId": "order_123", "orderName": "월간 구독"}
CARD_AT_THE_TOP = ("cardCompany", "cardNumber")


def authorize(shop: TossMerchant, **fields: object) -> TestResponse:
    return shop.control("billing-authorizations", **{"customerKey": CUSTOMER} | fields)


def auth_key(shop: TossMerchant, **fields: object) -> str:
    return str(authorize(shop, **fields).get_json()["authKey"])


def issue(shop: TossMerchant, key: str, customer: str = CUSTOMER) -> TestResponse:
    return shop.post("/v1/billing/authorizations/issue", {"authKey": key, "customerKey": customer})


def register(shop: TossMerchant, **values: object) -> TestResponse:
    return shop.post("/v1/billing/authorizations/card", CARD | {"customerKey": CUSTOMER} | values)


def billing_key(shop: TossMerchant, **values: object) -> str:
    return str(register(shop, **values).get_json()["billingKey"])


def charge(shop: TossMerchant, key: str, **values: object) -> TestResponse:
    return shop.post(f"/v1/billing/{quote(key, safe='')}", ORDER | values)


def delete(shop: TossMerchant, key: str) -> TestResponse:
    return shop.call("DELETE", f"/v1/billing/{quote(key, safe='')}")
