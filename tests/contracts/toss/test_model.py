"""Random series of calls (2,000 in CI), held against a plain model of a payment's life."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from payments_mock.app import create_app
from payments_mock.settings import Settings
from payments_mock.storage.engine.database import database_of
from testkit.depth import depth
from testkit.inside.clock import MovableClock
from testkit.inside.payment_model import APPROVED, NEXT, ModelPayment
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, confirm

SERIES = depth(full=2_000, quick=60)
GROUPS = (
    ("CARD",),
    ("EASY_PAY", "TRANSFER"),
    ("VIRTUAL_ACCOUNT",),
    ("MOBILE_PHONE", "CULTURE_GIFT_CERTIFICATE", "BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE"),
)
START = MovableClock().now
REFUND_ACCOUNT = {"bank": "20", "accountNumber": "110123456789", "holderName": "김토스"}


@dataclass(frozen=True)
class CheckOut:
    """A shopper begins to pay for the series' one order; the calls that follow are about this payment."""

    method: str
    amount: int
    tax_free: int
    outcome: str


@dataclass(frozen=True)
class Confirm:
    """The merchant confirms, perhaps a wrong amount or a wrong order."""

    off_by: int = 0
    same_order: bool = True


@dataclass(frozen=True)
class CancelCall:
    """The merchant cancels all, or so many hundredths of what is left; `off_by` goes beyond it."""

    hundredths: int | None
    off_by: int
    tax_free_hundredths: int | None
    with_account: bool


@dataclass(frozen=True)
class DepositCall:
    """The shopper pays into the virtual account."""

    off_by: int


@dataclass(frozen=True)
class Reverse:
    """The bank takes a deposit back."""


@dataclass(frozen=True)
class Wait:
    """Time passes."""

    minutes: int


Choice = TypeVar("Choice")
Step = CheckOut | Confirm | CancelCall | DepositCall | Reverse | Wait


def series_of(methods: tuple[str, ...]) -> st.SearchStrategy[list[Step]]:
    """Make series that begin with a checkout by one of the methods, most of them with a charge as well."""
    off_by = mostly(0, 1, -1)
    check_outs = st.builds(
        lambda method, amount, part, outcome: CheckOut(method, amount, amount * part // 4, outcome),
        st.sampled_from(methods),
        mostly((200, 900_000), (90, 210)).flatmap(lambda ends: st.integers(*ends)),
        st.sampled_from((0, 0, 1, 2, 4)),
        mostly("authenticate", "decline", "wait"),
    )
    confirms = st.builds(Confirm, off_by, mostly(True, False))
    cancels = st.builds(
        CancelCall,
        st.sampled_from((None, 1, 10, 33, 50, 99, 100, 0)),
        mostly(0, 1),
        st.sampled_from((None, None, None, 0, 50, 100)),
        mostly(True, False),
    )
    waits = st.builds(Wait, st.sampled_from((9, 10, 30, 60 * 24, 60 * 24 * 7, 60 * 24 * 200, 60 * 24 * 366)))
    steps = [cancels, cancels, cancels, confirms, waits, waits, check_outs]
    beginning = [check_outs, mostly(Confirm(), Wait(9))]
    if "VIRTUAL_ACCOUNT" in methods:
        steps += [st.builds(DepositCall, off_by), st.just(Reverse())]
        beginning += [mostly(DepositCall(0), Wait(1))]
    following = st.lists(st.sampled_from(steps).flatmap(lambda step: step), max_size=8)
    return st.builds(lambda first, rest: [*first, *rest], st.tuples(*beginning), following)


def mostly(usual: Choice, *others: Choice) -> st.SearchStrategy[Choice]:
    """Make the usual value five times as often as the others together."""
    return st.sampled_from([usual] * 5 * len(others) + [*others])


@dataclass
class Play:
    """One series, played to a server in a sandbox of its own and to the model at the same time."""

    shop: TossMerchant
    clock: MovableClock
    begun: list[dict[str, Any]] = field(default_factory=list)
    models: list[ModelPayment] = field(default_factory=list)

    def run(self, steps: list[Step]) -> None:
        self.clock.now = START
        for step in steps:
            before = [model.status for model in self.models]
            self.take(step)
            for status, model in zip(before, self.models, strict=False):
                assert model.status == status or model.status in NEXT[status]
        self.check_books()

    def take(self, step: Step) -> None:
        if isinstance(step, Wait):
            self.clock.advance(minutes=step.minutes)
            for model in self.models:
                model.pass_time(self.clock.now)
            self.check_payment(self.shop.get(self.begun[-1]["paymentKey"]))
        elif isinstance(step, CheckOut):
            self.check_out(step)
        else:
            answer, expected = self.call(step)
            self.check_answer(answer, expected)

    def check_out(self, step: CheckOut) -> None:
        if any(model.holds_order for model in self.models):
            fields = {"orderName": "티셔츠", "amount": step.amount, "method": step.method}
            refused = self.shop.control("checkouts", orderId="order_of_series", **fields)
            self.check_answer(refused, "DUPLICATED_ORDER_ID")
            return
        outcomes = {"decline": {"decline": "REJECT_CARD_PAYMENT"}, "wait": {"result": "wait"}}
        begun = check_out(
            self.shop,
            orderId="order_of_series",
            method=step.method,
            amount=step.amount,
            taxFreeAmount=step.tax_free,
            outcome=outcomes.get(step.outcome, {}),
        )
        waits = step.outcome == "wait"
        self.begun.append(begun)
        self.models.append(
            ModelPayment(
                method=step.method,
                amount=step.amount,
                tax_free=step.tax_free,
                declined=step.outcome == "decline",
                status="READY" if waits else "IN_PROGRESS",
                deadline=self.clock.now + timedelta(minutes=30 if waits else 10),
                account_due=self.clock.now + timedelta(hours=168),
            )
        )

    def call(self, step: Confirm | CancelCall | DepositCall | Reverse) -> tuple[TestResponse, str]:
        """Make the call of a step; return its answer, and what the model expects."""
        begun, model, now = self.begun[-1], self.models[-1], self.clock.now
        path = f"payments/{begun['paymentKey']}"
        if isinstance(step, Confirm):
            amount = model.amount + step.off_by
            order_id = "order_of_series" if step.same_order else "another_order"
            held = any(other.holds_order for other in self.models if other is not model)
            expected = model.confirm(now, same_order=step.same_order, amount=amount, order_is_held=held)
            return confirm(self.shop, begun, amount=amount, orderId=order_id), expected
        if isinstance(step, DepositCall):
            paid_in = model.amount + step.off_by
            return self.shop.control(f"{path}/deposit", amount=paid_in), model.deposit(now, paid_in)
        if isinstance(step, Reverse):
            return self.shop.control(f"{path}/reverse-deposit"), model.reverse()
        return self.cancel(step)

    def cancel(self, step: CancelCall) -> tuple[TestResponse, str]:
        model = self.models[-1]
        fields: dict[str, Any] = {"refundReceiveAccount": REFUND_ACCOUNT} if step.with_account else {}
        asked = tax_free = None
        if step.hundredths is not None:
            asked = fields["cancelAmount"] = model.balance * step.hundredths // 100 + step.off_by
        if step.tax_free_hundredths is not None:
            tax_free = fields["taxFreeAmount"] = model.tax_free_balance * step.tax_free_hundredths // 100
        expected = model.cancel(self.clock.now, asked, tax_free, with_account=step.with_account)
        return self.shop.cancel(self.begun[-1]["paymentKey"], **fields), expected

    def check_answer(self, answer: TestResponse, expected: str) -> None:
        """Check a call's answer; where it was refused, that the payment is what the model says."""
        code = "" if answer.status_code == 200 else answer.get_json()["code"]
        assert code == expected or (code and expected == "ANY"), answer.text
        self.check_payment(self.shop.get(self.begun[-1]["paymentKey"]) if code else answer)

    def check_payment(self, answer: TestResponse) -> None:
        payment, model = answer.get_json(), self.models[-1]
        assert payment["status"] == model.status
        assert payment["totalAmount"] == model.amount
        assert payment["balanceAmount"] == model.balance
        assert payment["taxFreeAmount"] == model.tax_free_balance
        assert payment["vat"] == round_half_up(model.balance - model.tax_free_balance, 11)
        assert payment["suppliedAmount"] + payment["vat"] + payment["taxFreeAmount"] == model.balance
        assert [
            (cancel["cancelAmount"], cancel["taxFreeAmount"], cancel["refundableAmount"])
            for cancel in payment["cancels"] or []
        ] == [(cancel.amount, cancel.tax_free, cancel.left) for cancel in model.cancels]

    def check_books(self) -> None:
        """Check that the transactions are the movements of the series, and add up to what is left."""
        period = "startDate=2024-01-01&endDate=2999-12-31"
        listed = self.shop.call("GET", f"/v1/transactions?{period}").get_json()
        for begun, model in zip(self.begun, self.models, strict=True):
            rows = [row for row in listed if row["paymentKey"] == begun["paymentKey"]]
            assert [(row["status"], row["amount"]) for row in rows] == model.movements
            approved = sum(row["amount"] for row in rows if row["status"] == "DONE")
            canceled = sum(row["amount"] for row in rows if row["status"] in CANCELED)
            kept = model.balance if model.status in APPROVED else 0
            assert approved - canceled == kept + model.reversed_amount - model.voided_amount
        assert len(listed) == sum(len(model.movements) for model in self.models)


CANCELED = ("PARTIAL_CANCELED", "CANCELED")


def round_half_up(amount: int, divisor: int) -> int:
    whole, rest = divmod(amount, divisor)
    return whole + (2 * rest >= divisor)


@pytest.fixture(scope="module")
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: MovableClock) -> Iterator[Flask]:
    """Lend a server that gives every series a sandbox of its own."""
    database = tmp_path_factory.mktemp("model") / "payments.db"
    app = create_app(
        Settings(database_url=f"sqlite:///{database}", log_format="none", open=True), clock=clock
    )
    yield app
    database_of(app).engine.dispose()


@pytest.fixture(scope="module")
def new_shop(app: Flask) -> Callable[[], TossMerchant]:
    numbers = count(1)

    def make() -> TossMerchant:
        number = next(numbers)
        return TossMerchant(app, f"test_sk_series_{number}", f"test_ck_series_{number}")

    return make


@pytest.mark.parametrize("methods", GROUPS, ids=lambda methods: methods[0])
def test_whatever_is_called_in_whatever_order_the_answers_are_the_models(
    new_shop: Callable[[], TossMerchant], clock: MovableClock, methods: tuple[str, ...]
) -> None:
    played = 0

    @settings(max_examples=SERIES // len(GROUPS), deadline=None)
    @given(series_of(methods))
    def play(steps: list[Step]) -> None:
        nonlocal played
        played += 1
        Play(new_shop(), clock).run(steps)

    play()

    assert played >= SERIES // len(GROUPS)
