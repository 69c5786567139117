"""One application that a whole module of tests plays on, with orders and customers that never meet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.app import create_app
from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.bank_shop import ACCOUNT, CASH_RECEIPT, REFUND_ACCOUNT
from testkit.inside.cards import CARD
from testkit.inside.clock import MovableClock
from testkit.inside.database import close_connections
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, confirm, pay

_numbers = count(1)


@contextmanager
def staged_app(
    url: str, merchants: tuple[MerchantSettings, ...], clock: MovableClock, **settings: Any
) -> Iterator[Flask]:
    """Lend an application with the database at `url`, which is its own."""
    app = create_app(
        Settings(database_url=url, log_format="none", merchants=merchants, **settings), clock=clock
    )
    yield app
    close_connections(app)


def unused(kind: str) -> str:
    """Return an id that no other test uses."""
    return f"{kind}_{next(_numbers):08}"


@dataclass(frozen=True)
class Stage:
    """A merchant with both pairs of keys, another merchant, and the clock that all of them live by.

    What a test does not name is an ordinary value.
    """

    app: Flask
    clock: MovableClock
    toss: TossMerchant
    widget: TossMerchant
    other: TossMerchant

    def post(self, path: str, fields: object, **options: Any) -> TestResponse:
        return self.toss.post(path, fields, **options)

    def confirm(self, fields: dict[str, Any] | None = None, **changes: object) -> TestResponse:
        """Check out with `fields` and confirm with `changes`."""
        return confirm(self.toss, check_out(self.toss, **fields or {}), **changes)

    def paid(self, **fields: object) -> str:
        """Let a shopper pay; returns the payment key."""
        return str(pay(self.toss, **fields)["paymentKey"])

    def key_in(self, **fields: object) -> TestResponse:
        order = {"orderId": unused("keyed"), "orderName": "토스 티셔츠", "amount": 10_000}
        return self.post("/v1/payments/key-in", {**order, **CARD, **fields})

    def authorization(self, **fields: object) -> dict[str, Any]:
        """Let a customer agree in the billing window; returns the keys."""
        answer = self.toss.control("billing-authorizations", **{"customerKey": unused("customer")} | fields)
        agreed: dict[str, Any] = answer.get_json()
        return agreed

    def issue_billing(self, agreed: dict[str, Any], **changes: object) -> TestResponse:
        asked = {name: agreed[name] for name in ("authKey", "customerKey")}
        return self.post("/v1/billing/authorizations/issue", asked | changes)

    def register_card(self, **fields: object) -> TestResponse:
        asked = {"customerKey": unused("customer"), **CARD, **fields}
        return self.post("/v1/billing/authorizations/card", asked)

    def charge(self, billing: dict[str, Any], **changes: object) -> TestResponse:
        order = {"orderId": unused("charge"), "orderName": "구독", "amount": 10_000}
        whose = {"customerKey": billing["customerKey"]}
        return self.post(f"/v1/billing/{billing['billingKey']}", order | whose | changes)

    def issue_account(self, **fields: object) -> TestResponse:
        return self.post("/v1/virtual-accounts", ACCOUNT | {"orderId": unused("account")} | fields)

    def awaiting(self, **fields: object) -> str:
        """Issue a virtual account; returns the payment key."""
        return str(self.issue_account(**fields).get_json()["paymentKey"])

    def deposit(self, payment_key: str, **fields: object) -> TestResponse:
        return self.toss.control(f"payments/{payment_key}/deposit", **fields)

    def deposited(self) -> str:
        """Issue a virtual account and pay into it; returns the payment key."""
        payment_key = self.awaiting()
        assert self.deposit(payment_key).status_code == 200
        return payment_key

    def refund(self, payment_key: str, **account: object) -> TestResponse:
        return self.toss.cancel(payment_key, refundReceiveAccount=REFUND_ACCOUNT | account)

    def issue_receipt(self, **fields: object) -> TestResponse:
        return self.post("/v1/cash-receipts", CASH_RECEIPT | {"orderId": unused("receipt")} | fields)

    def checkout(self, **fields: object) -> TestResponse:
        ordinary = {"orderId": unused("window"), "orderName": "셔츠", "amount": 10_000, "method": "CARD"}
        return self.toss.control("checkouts", **ordinary | fields)

    def list(self, what: str, **query: object) -> TestResponse:
        asked = {"startDate": "2024-01-01", "endDate": "2024-01-31"} | query
        return self.toss.call("GET", f"/v1/{what}", query_string=asked)


def stage_on(app: Flask, clock: MovableClock) -> Stage:
    """Set the stage with the merchants of the Toss suite."""
    return Stage(
        app,
        clock,
        TossMerchant(app, "test_sk_toss", "test_ck_toss"),
        TossMerchant(app, "test_gsk_toss", "test_gck_toss"),
        TossMerchant(app, "test_sk_other", "test_ck_other"),
    )
