"""How long an address of the shop may be: as long as the database keeps it, wherever it is given."""

import pytest

from tests.control.desk import Desk

pytestmark = pytest.mark.every_database

LONGEST = "http://shop.test/" + "a" * (2000 - len("http://shop.test/"))
CHECKOUT = {
    "clientKey": "test_ck_toss_dummy",
    "orderId": "order-long-url",
    "orderName": "셔츠",
    "amount": 1_000,
    "method": "CARD",
}


@pytest.mark.parametrize("field", ["successUrl", "failUrl"])
def test_the_longest_is_taken(desk: Desk, field: str) -> None:
    assert desk.call("POST", "checkouts", json=CHECKOUT | {field: LONGEST}).status_code == 200


@pytest.mark.parametrize("field", ["successUrl", "failUrl"])
def test_a_longer_one_is_refused_by_its_name(desk: Desk, field: str) -> None:
    answer = desk.call("POST", "checkouts", json=CHECKOUT | {field: LONGEST + "a"})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (400, [field])
