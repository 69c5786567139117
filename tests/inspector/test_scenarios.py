"""A story that was copied runs again: as a test of pytest, as Gherkin, and as curl lines."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from payments_mock.testing import RemoteServer
from payments_mock.testing.sandbox import Sandbox
from testkit.made_once import made_once
from testkit.processes import running_server
from tests.inspector.copies import run_copies

ORDER = "order_1"
WHOLE = {"cancelReason": "sold out"}


class Backend:
    """A shop's backend that has a sandbox of its own, and does what a story needs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.payment_key = f"pay_{sandbox.id}"

    def begin(self, **more: Any) -> None:
        if self.sandbox.contract == "kiosk":
            self.ask("/v1/payments", self.order())
        else:
            self.payment_key = self.sandbox.shopper.pays(ORDER, 15000, **more)["paymentKey"]

    def order(self, amount: int = 15000) -> dict[str, Any]:
        return {"paymentKey": self.payment_key, "orderId": ORDER, "amount": amount}

    def confirm(self, amount: int = 15000, key: str | None = None) -> None:
        self.ask("/v1/payments/confirm", self.order(amount), key)

    def pay(self) -> None:
        self.begin()
        self.confirm()

    def cancel(self, **more: Any) -> None:
        self.ask(f"/v1/payments/{self.payment_key}/cancel", WHOLE | more)

    def look_up(self) -> None:
        self.ask(f"/v1/payments/{self.payment_key}", None, method="GET")

    def ask(self, path: str, body: Any, key: str | None = None, method: str = "POST") -> None:
        url, auth = self.sandbox.base_url + path, (self.sandbox.secret_key, "")
        headers = {"Idempotency-Key": key} if key else {}
        with suppress(requests.RequestException):
            requests.request(method, url, json=body, auth=auth, headers=headers, timeout=20)


def lose_an_answer(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.lose_answer("confirm")
    shop.confirm()


def lose_an_answer_and_look(shop: Backend) -> None:
    lose_an_answer(shop)
    shop.look_up()


def repeat_under_a_key(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.lose_answer("confirm")
    shop.confirm(key="press-1")
    shop.confirm(key="press-1")


def break_the_connection(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.break_connection("confirm")
    shop.confirm()


def be_refused(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.refuse("confirm", "REJECT_CARD_COMPANY", status=403)
    shop.confirm()


def read_garbage(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.arm("confirm", "after", {"kind": "truncate"})
    shop.confirm()


def be_held(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.faults.hold("confirm", "after", seconds=0.2)
    shop.confirm()


def wait_too_long(shop: Backend) -> None:
    shop.begin()
    shop.sandbox.clock.advance(minutes=31)
    shop.confirm()


def mistake_the_amount(shop: Backend) -> None:
    shop.begin()
    shop.confirm(amount=9000)


def pay_twice(shop: Backend) -> None:
    shop.pay()
    shop.confirm()


def refund(shop: Backend) -> None:
    shop.pay()
    shop.cancel()


def refund_in_vain(shop: Backend) -> None:
    refund(shop)
    shop.cancel()


def refund_a_part(shop: Backend) -> None:
    shop.pay()
    shop.cancel(cancelAmount=5000)


def refund_after_the_settlement(shop: Backend) -> None:
    shop.pay()
    shop.sandbox.settle(shop.payment_key)
    shop.cancel()


def await_a_deposit(shop: Backend) -> None:
    shop.begin(method="VIRTUAL_ACCOUNT")
    shop.confirm()


def deposit(shop: Backend) -> None:
    await_a_deposit(shop)
    shop.sandbox.shopper.deposits(shop.payment_key)


def take_a_deposit_back(shop: Backend) -> None:
    deposit(shop)
    shop.sandbox.shopper.has_deposit_reversed(shop.payment_key)


def give_up(shop: Backend) -> None:
    shop.sandbox.shopper.fails(ORDER, 15000, "PAY_PROCESS_CANCELED")


def leave_the_window_open(shop: Backend) -> None:
    shop.begin(outcome={"result": "wait"})


def be_declined(shop: Backend) -> None:
    shop.begin(outcome={"decline": "REJECT_CARD_COMPANY"})
    shop.confirm()


def try_a_second_card(shop: Backend) -> None:
    be_declined(shop)
    shop.pay()


Story = Callable[[Backend], None]
OF_BOTH: tuple[Story, ...] = (
    Backend.pay,
    Backend.begin,
    lose_an_answer,
    lose_an_answer_and_look,
    repeat_under_a_key,
    break_the_connection,
    be_refused,
    read_garbage,
    be_held,
    wait_too_long,
    mistake_the_amount,
    pay_twice,
    refund,
    refund_in_vain,
    refund_after_the_settlement,
)
OF_TOSS: tuple[Story, ...] = (
    refund_a_part,
    await_a_deposit,
    deposit,
    take_a_deposit_back,
    give_up,
    leave_the_window_open,
    be_declined,
    try_a_second_card,
)
STORIES = [("kiosk", story) for story in OF_BOTH] + [("toss", story) for story in OF_BOTH + OF_TOSS]
NAMES = [f"{contract}-{story.__name__}" for contract, story in STORIES]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture(scope="module")
def stories(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let each story happen, run what was copied of it, and keep what came out in a folder."""

    def make(folder: Path) -> None:
        told = {}
        for name, (contract, story) in zip(NAMES, STORIES, strict=True):
            backend = Backend(RemoteServer(url).sandbox(contract))
            story(backend)
            told[name] = backend.sandbox.order(ORDER)
        (folder / "told").write_text(json.dumps(told))
        (folder / "suite").mkdir()
        (folder / "ran").write_text(run_copies(folder / "suite", told, url))

    return made_once(tmp_path_factory, "stories", make)


@pytest.fixture(scope="module")
def copied(stories: Path) -> dict[str, dict[str, Any]]:
    """Return what the inspector tells of each story, by name."""
    told: dict[str, dict[str, Any]] = json.loads((stories / "told").read_text())
    return told


@pytest.fixture(scope="module")
def ran(stories: Path) -> str:
    """Return what one pytest reports of all that was copied, as pytest and as Gherkin."""
    return (stories / "ran").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_story_copied_as_pytest_passes(ran: str, copied: dict[str, Any], name: str) -> None:
    passed = f"PASSED test_{name.replace('-', '_')}.py::test_the_story"

    assert passed in ran, copied[name]["scenario"]["pytest"] + ran[-6000:]


@pytest.mark.parametrize("name", NAMES)
def test_a_story_copied_as_gherkin_passes(ran: str, copied: dict[str, Any], name: str) -> None:
    passed = f"PASSED test_{name.replace('-', '_')}_gherkin.py::"

    assert passed in ran, copied[name]["scenario"]["gherkin"] + ran[-6000:]


def test_the_stories_come_to_every_kind_of_end(copied: dict[str, Any]) -> None:
    kinds = {order["verdict"]["kind"] for order in copied.values()}

    assert kinds >= {
        *("CHARGED_ONCE", "CHARGED_ONCE_OF_SEVERAL", "CHARGED_ONCE_AFTER_LOSS", "CHARGED_UNHEARD"),
        *("NO_ANSWER", "NOT_REFUNDED", "REFUNDED", "PARTLY_REFUNDED", "REFUSED", "WAITING"),
        *("AWAITING_DEPOSIT", "EXPIRED", "ABORTED"),
    }


def test_what_was_copied_does_what_the_story_did(copied: dict[str, Any]) -> None:
    written = copied["toss-repeat_under_a_key"]["scenario"]["gherkin"]

    assert "Given the answer to the next confirm is lost" in written
    assert written.count("When under the key press-1 the shop sends POST /v1/payments/confirm") == 2
    assert '"paymentKey": "{payment 1 of order_1}"' in written
    assert "Then no whole answer arrives" in written
    assert "Then the order order_1 is APPROVED at the provider" in written


@pytest.mark.parametrize("name", ["kiosk-pay", "kiosk-refund", "kiosk-mistake_the_amount"])
def test_copied_curl_lines_run(url: str, copied: dict[str, Any], name: str) -> None:
    again = RemoteServer(url).sandbox("kiosk")
    lines = copied[name]["scenario"]["curl"].replace("SECRET_KEY", again.secret_key)

    done = subprocess.run(["bash", "-e", "-c", lines], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert again.order(ORDER)["verdict"]["kind"] == copied[name]["verdict"]["kind"]


def test_a_call_whose_body_is_masked_is_left_out(url: str) -> None:
    sandbox = RemoteServer(url).sandbox("toss")
    body = {"amount": 15000, "orderId": ORDER, "orderName": "x", "cardNumber": "5365101234121234"}
    body |= {"cardExpirationYear": "39", "cardExpirationMonth": "12", "customerIdentityNumber": "881212"}
    Backend(sandbox).ask("/v1/payments/key-in", body)

    written = sandbox.order(ORDER)["scenario"]["pytest"]
    assert re.search(r"# POST /v1/payments/key-in is left out", written)
