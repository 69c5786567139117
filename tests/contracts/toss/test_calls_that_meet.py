"""Calls that meet: what a charge, a cancel and a confirm see of another that is not answered yet."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.domain.payments.payment import State
from payments_mock.storage.tables import payments
from testkit.inside.cards import CARD
from testkit.inside.database import transaction
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, confirm, pay
from testkit.inside.toss_stage import unused
from testkit.sandbox import Sandbox
from tests.contracts.toss.subscriptions import ORDER, billing_key, charge

pytestmark = pytest.mark.every_database

DUPLICATE = (400, "DUPLICATED_ORDER_ID")
CANCELED_BEFORE = (400, "ALREADY_CANCELED_PAYMENT")
NOT_PAID = (403, "NOT_CANCELABLE_PAYMENT")
CONFIRMED_BEFORE = (400, "ALREADY_PROCESSED_PAYMENT")
Call = Callable[[], requests.Response]


def said(answer: requests.Response | TestResponse) -> tuple[int, str]:
    """Return the status of an answer, with the status of the payment or the code of the refusal."""
    shown: Any = answer.json() if isinstance(answer, requests.Response) else answer.get_json()
    return answer.status_code, shown.get("code") or shown["status"]


def meet(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str, operation: str, first: Call, second: Call
) -> tuple[tuple[int, str], tuple[int, str]]:
    """Hold the first call before or after it acts, let the second act meanwhile; return what both heard."""
    sandbox.arm("hold", moment, operation)
    held: Future[requests.Response] = pool.submit(first)
    sandbox.await_fired()
    meanwhile = said(second())
    sandbox.control("POST", "held-calls/end", do="let-go")
    return said(held.result()), meanwhile


def charge_of(sandbox: Sandbox) -> Call:
    """Return a charge of one billing key and one order."""
    customer = {"customerKey": unused("customer")}
    registered = sandbox.call("POST", "/v1/billing/authorizations/card", CARD | customer).json()
    path = f"/v1/billing/{quote(registered['billingKey'], safe='')}"
    asked = ORDER | customer | {"orderId": unused("charged")}
    return lambda: sandbox.call("POST", path, asked)


def key_in_of(sandbox: Sandbox) -> Call:
    """Return a card payment of one order that is keyed in."""
    asked = {**CARD, "orderId": unused("keyed"), "orderName": "토스 티셔츠", "amount": 10_000}
    return lambda: sandbox.call("POST", "/v1/payments/key-in", asked)


CHARGES = {"billing-pay": charge_of, "key-in": key_in_of}


@pytest.mark.parametrize("operation", CHARGES)
@pytest.mark.parametrize(("moment", "loser"), [("before", 0), ("after", 1)])
def test_of_two_charges_of_one_order_the_one_that_acts_later_is_a_duplicate(
    sandbox: Sandbox, pool: ThreadPoolExecutor, operation: str, moment: str, loser: int
) -> None:
    charge = CHARGES[operation](sandbox)

    heard = meet(sandbox, pool, moment, operation, charge, charge)

    assert (heard[loser], heard[1 - loser]) == (DUPLICATE, (200, "DONE"))


def cancel_of(sandbox: Sandbox, begun: dict[str, Any], **fields: object) -> Call:
    path = f"/v1/payments/{begun['paymentKey']}/cancel"
    return lambda: sandbox.call("POST", path, {"cancelReason": "재고 없음", **fields})


def paid(sandbox: Sandbox) -> dict[str, Any]:
    begun = sandbox.begin()
    assert sandbox.confirm(begun).status_code == 200
    return begun


@pytest.mark.parametrize(("moment", "loser"), [("before", 0), ("after", 1)])
def test_of_two_whole_cancels_the_one_that_acts_later_finds_nothing_to_cancel(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str, loser: int
) -> None:
    cancel = cancel_of(sandbox, paid(sandbox))

    heard = meet(sandbox, pool, moment, "cancel", cancel, cancel)

    assert (heard[loser], heard[1 - loser]) == (CANCELED_BEFORE, (200, "CANCELED"))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_two_cancels_of_parts_are_both_done(sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str) -> None:
    begun = paid(sandbox)
    part = cancel_of(sandbox, begun, cancelAmount=3_000)

    heard = meet(sandbox, pool, moment, "cancel", part, part)

    assert heard == ((200, "PARTIAL_CANCELED"), (200, "PARTIAL_CANCELED"))
    assert sandbox.call("GET", f"/v1/payments/{begun['paymentKey']}").json()["balanceAmount"] == 4_000


@pytest.mark.parametrize(
    ("moment", "meanwhile"), [("before", NOT_PAID), ("after", (200, "CANCELED"))], ids=["before", "after"]
)
def test_a_cancel_beside_a_confirm_sees_whether_that_has_charged(
    sandbox: Sandbox, pool: ThreadPoolExecutor, moment: str, meanwhile: tuple[int, str]
) -> None:
    begun = sandbox.begin()

    heard = meet(sandbox, pool, moment, "confirm", lambda: sandbox.confirm(begun), cancel_of(sandbox, begun))

    assert heard == ((200, "DONE"), meanwhile)


def test_a_confirm_beside_a_cancel_charges_and_is_canceled_then(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = sandbox.begin()

    heard = meet(sandbox, pool, "before", "cancel", cancel_of(sandbox, begun), lambda: sandbox.confirm(begun))

    assert heard == ((200, "CANCELED"), (200, "DONE"))


def test_a_confirm_beside_the_cancel_of_a_paid_one_hears_that_it_was_confirmed(
    sandbox: Sandbox, pool: ThreadPoolExecutor
) -> None:
    begun = paid(sandbox)

    heard = meet(sandbox, pool, "after", "cancel", cancel_of(sandbox, begun), lambda: sandbox.confirm(begun))

    assert heard == ((200, "CANCELED"), CONFIRMED_BEFORE)


def meet_inside(
    app: Flask,
    pool: ThreadPoolExecutor,
    payment_key: str,
    columns: dict[str, Any],
    second: Callable[[], TestResponse],
) -> tuple[int, str]:
    """Let a call come while another is between its change and its commit; return what it hears."""
    same = payments.c.payment_key == payment_key
    changed = {"revision": payments.c.revision + 1, **columns}
    with app.app_context(), transaction() as connection:
        connection.execute(payments.update().where(same).values(**changed))
        answer = pool.submit(second)
        # Long enough for the second to have read, and to wait for its turn to write.
        time.sleep(0.3)
    return said(answer.result())


@pytest.mark.parametrize("operation", CHARGES)
def test_a_charge_that_comes_before_another_is_committed_is_a_duplicate(
    app: Flask, toss: TossMerchant, pool: ThreadPoolExecutor, operation: str
) -> None:
    rival, order, key = pay(toss), unused("order"), billing_key(toss)
    keyed = {**CARD, "orderId": order, "orderName": "셔츠", "amount": 10_000}
    charges = {
        "billing-pay": lambda: charge(toss, key, orderId=order),
        "key-in": lambda: toss.post("/v1/payments/key-in", keyed),
    }
    columns = {"order_id": order, "held_order_id": order}

    assert meet_inside(app, pool, rival["paymentKey"], columns, charges[operation]) == DUPLICATE


def test_a_cancel_that_comes_before_another_is_committed_finds_nothing_to_cancel(
    app: Flask, toss: TossMerchant, pool: ThreadPoolExecutor
) -> None:
    key = pay(toss)["paymentKey"]
    columns = {"state": State.CANCELED, "balance_amount": 0, "held_order_id": None}

    assert meet_inside(app, pool, key, columns, lambda: toss.cancel(key)) == CANCELED_BEFORE


def test_a_part_that_comes_before_another_is_committed_is_of_what_that_leaves(
    app: Flask, toss: TossMerchant, pool: ThreadPoolExecutor
) -> None:
    key = pay(toss)["paymentKey"]
    columns = {"state": State.PARTIALLY_CANCELED, "balance_amount": 2_000}

    heard = meet_inside(app, pool, key, columns, lambda: toss.cancel(key, cancelAmount=3_000))

    assert heard == (403, "NOT_CANCELABLE_AMOUNT")


BETWEEN = {"sqlite": (200, "CANCELED"), "postgresql": NOT_PAID}
"""SQLite lets one writer in at a time, so that the cancel there waits for the confirm."""


def test_a_cancel_that_comes_before_a_confirm_is_committed_sees_no_charge(
    app: Flask, toss: TossMerchant, pool: ThreadPoolExecutor, database_kind: str
) -> None:
    key = check_out(toss)["paymentKey"]

    heard = meet_inside(app, pool, key, {"state": State.APPROVED}, lambda: toss.cancel(key))

    assert heard == BETWEEN[database_kind]


def test_a_confirm_that_comes_before_a_cancel_is_committed_hears_that_it_was_confirmed(
    app: Flask, toss: TossMerchant, pool: ThreadPoolExecutor
) -> None:
    paid = check_out(toss)
    assert confirm(toss, paid).status_code == 200
    columns = {"state": State.CANCELED, "balance_amount": 0, "held_order_id": None}

    heard = meet_inside(app, pool, paid["paymentKey"], columns, lambda: confirm(toss, paid))

    assert heard == CONFIRMED_BEFORE
