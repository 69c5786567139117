"""What an empty value is: null, "" or absent, for each field of a Payment, by method and by state."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from payments_mock.contracts.toss.payments import StartRequest
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import cancel, check_out, confirm, pay
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.fidelity import tables

Payment = dict[str, Any]
Case = Callable[[Stage], Payment]
CASH_RECEIPT = {"cashReceipt": {"type": "소득공제", "registrationNumber": "01012345678"}}
SOMETHING = "a value"


def show(stage: Stage, payment_key: str) -> Payment:
    shown: Payment = stage.toss.get(payment_key).get_json()
    return shown


def paid_by(method: str, **fields: object) -> Case:
    return lambda stage: pay(stage.toss, method=method, **fields)


def charged_to_an_account(stage: Stage) -> Payment:
    agreed = stage.authorization(method="TRANSFER", transfer={"bank": "국민"})
    charged: Payment = stage.charge(stage.issue_billing(agreed).get_json()).get_json()
    return charged


METHODS: dict[str, Case] = {
    "card": paid_by("CARD"),
    "account that waits": paid_by("VIRTUAL_ACCOUNT"),
    "account that was paid into": lambda stage: show(stage, stage.deposited()),
    "transfer": paid_by("TRANSFER"),
    "phone": paid_by("MOBILE_PHONE"),
    "gift certificate": paid_by("CULTURE_GIFT_CERTIFICATE"),
    "wallet: money": paid_by("EASY_PAY", easyPayWith="MONEY"),
    "wallet: card": paid_by("EASY_PAY"),
    "billing: card": lambda stage: stage.charge(stage.register_card().get_json()).get_json(),
    "billing: account": charged_to_an_account,
    "key-in": lambda stage: stage.key_in().get_json(),
}


def expired(stage: Stage) -> Payment:
    """Begin a payment, and let its time run out unpaid."""
    begun = ready(stage)
    stage.clock.advance(minutes=31)
    return show(stage, begun["paymentKey"])


def ready(stage: Stage) -> Payment:
    begun: Payment = stage.post(
        "/v1/payments", StartRequest.example | {"orderId": unused("begun")}
    ).get_json()
    return begun


def aborted(stage: Stage) -> Payment:
    begun = check_out(stage.toss, outcome={"decline": "REJECT_CARD_PAYMENT"})
    assert confirm(stage.toss, begun).status_code == 403
    return show(stage, begun["paymentKey"])


STATES: dict[str, Case] = {
    "READY": ready,
    "IN_PROGRESS": lambda stage: show(stage, check_out(stage.toss)["paymentKey"]),
    "DONE": paid_by("CARD"),
    "PARTIAL_CANCELED": lambda stage: cancel(stage.toss, pay(stage.toss), 1_000),
    "CANCELED": lambda stage: cancel(stage.toss, pay(stage.toss)),
    "ABORTED": aborted,
    "EXPIRED": expired,
}


def newer(stage: Stage) -> Payment:
    """Pay with a card at a merchant whose keys are of 2024-06-01."""
    return pay(TossMerchant(stage.app, "test_sk_newer", "test_ck_newer"), easyPay="TOSSPAY")


def refunded(stage: Stage) -> Payment:
    back: Payment = stage.refund(stage.deposited()).get_json()
    return back


OTHERS: dict[str, Case] = {
    "card, 2024-06-01": newer,
    "account canceled unpaid": lambda stage: cancel(stage.toss, show(stage, stage.awaiting())),
    "account refunded": refunded,
    "account with a cash receipt": lambda stage: show(stage, deposited_with_receipt(stage)),
    "transfer with a cash receipt": paid_by("TRANSFER", **CASH_RECEIPT),
    "the same, canceled": lambda stage: cancel(
        stage.toss, pay(stage.toss, method="TRANSFER", **CASH_RECEIPT)
    ),
}


def deposited_with_receipt(stage: Stage) -> str:
    payment_key = stage.awaiting(**CASH_RECEIPT)
    assert stage.deposit(payment_key).status_code == 200
    return payment_key


TABLES: dict[str, dict[str, Case]] = {
    "Empty values by method": METHODS,
    "Empty values by state": STATES,
    "Other empty values": OTHERS,
}


def parts(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Name a field, and the fields inside of it; a list stands for its last member."""
    yield name, value
    member = value[-1] if isinstance(value, list) and value else value
    if isinstance(member, dict):
        for inner, part in member.items():
            yield from parts(f"{name}.{inner}", part)


def marks(payment: Payment) -> dict[str, str]:
    """Return how each field of a payment is shown: with a value, or how it is empty."""
    empty = {"": '`""`', "[]": "`[]`", "{}": "`{}`", "None": "null"}
    return {
        name: empty.get(str(part), SOMETHING)
        for field, value in payment.items()
        for name, part in parts(field, value)
    }


def mark_of(shown: dict[str, str], field: str) -> str:
    """Return how a field is shown; `-` where what it belongs to is not there either."""
    holder = field.rpartition(".")[0]
    is_held = not holder or shown.get(holder) == SOMETHING
    return shown.get(field, "absent" if is_held else "-")


CASES = [(heading, name) for heading, cases in TABLES.items() for name in cases]


@pytest.mark.parametrize(("heading", "name"), CASES)
def test_every_field_is_as_empty_as_the_page_says(stage: Stage, heading: str, name: str) -> None:
    listed = {row["field"].strip("`"): row[name] for row in tables()[heading]}

    shown = marks(TABLES[heading][name](stage))

    assert {field: mark_of(shown, field) for field in listed} == listed
    assert {field: mark for field, mark in shown.items() if field not in listed and mark != SOMETHING} == {}
