"""Every error that an operation promises can be met, with the status and code that its table names."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from payments_mock.contracts.kiosk.contract import KIOSK_CONTRACT
from payments_mock.domain.payments.payment import State
from testkit.inside.database import put_in_state
from testkit.inside.shop import Shop, basic
from tests.contracts.kiosk.answers import OPERATIONS, assert_refused

PATHS = {
    "create": "/v1/payments",
    "confirm": "/v1/payments/confirm",
    "cancel": "/v1/payments/pay_123/cancel",
    "get": "/v1/payments/pay_123",
    "get-by-order": "/v1/payments/orders/order_123",
}
VERBS = {"confirm": Shop.confirm, "cancel": Shop.cancel, "get": Shop.get, "get-by-order": Shop.get_by_order}


def call(shop: Shop, name: str, **options: object) -> TestResponse:
    return shop.call(OPERATIONS[name].method, PATHS[name], **options)


def after(*steps: Callable[[Shop], object]) -> Callable[[Shop, str], TestResponse]:
    """Make a provocation: the operation, called well, after these steps."""

    def provoke(shop: Shop, name: str) -> TestResponse:
        for step in steps:
            step(shop)
        return VERBS[name](shop)

    return provoke


def ended(state: State, code: str | None = None) -> Callable[[Shop], object]:
    return lambda shop: put_in_state(shop.app, "pay_123", state, failure_code=code)


BODIES = {
    "UNAUTHORIZED_KEY": lambda shop, name: call(shop, name, headers={"Authorization": basic("nobody:")}),
    "INVALID_REQUEST": lambda shop, name: call(shop, name, json={}),
    "UNSUPPORTED_MEDIA_TYPE": lambda shop, name: call(shop, name, data="{}", content_type="text/plain"),
    "PAYLOAD_TOO_LARGE": lambda shop, name: call(shop, name, data="x" * 70_000),
}
PROVOCATIONS: dict[tuple[str, str], Callable[[Shop, str], TestResponse]] = {
    **{(name, code): provoke for name in ("create", "confirm", "cancel") for code, provoke in BODIES.items()},
    **{(name, "UNAUTHORIZED_KEY"): BODIES["UNAUTHORIZED_KEY"] for name in ("get", "get-by-order")},
    **{(name, "NOT_FOUND"): after() for name in VERBS},
    ("confirm", "AMOUNT_MISMATCH"): lambda shop, _: shop.create() and shop.confirm(amount=1),
    ("confirm", "DUPLICATED_ORDER_ID"): lambda shop, _: shop.pay() and shop.pay(paymentKey="pay_124"),
    ("confirm", "ALREADY_CANCELED"): after(Shop.pay, Shop.cancel),
    ("confirm", "ABORTED"): after(Shop.create, ended(State.ABORTED, "ABORTED")),
    ("confirm", "EXPIRED"): after(Shop.create, ended(State.EXPIRED)),
    ("cancel", "PARTIAL_MISMATCH"): lambda shop, _: shop.pay() and shop.cancel(cancelAmount=1),
    ("cancel", "NOT_APPROVED"): after(Shop.create),
    ("cancel", "ALREADY_CANCELED"): after(Shop.pay, Shop.cancel),
}
PROMISED = {
    (operation.name, code): status
    for operation in OPERATIONS.values()
    for status, code in map(
        KIOSK_CONTRACT.answer_of, (*KIOSK_CONTRACT.errors_of_a_call(operation), *operation.errors)
    )
}


def test_every_promised_error_is_provoked_here_and_no_other() -> None:
    assert PROVOCATIONS.keys() == PROMISED.keys()


@pytest.mark.parametrize(("name", "code"), PROVOCATIONS)
def test_the_error_is_answered_as_its_table_says(shop: Shop, name: str, code: str) -> None:
    assert_refused(PROVOCATIONS[name, code](shop, name), PROMISED[name, code], code)
