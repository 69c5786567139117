"""A story that was copied runs again: as a test of pytest, as Gherkin, and as curl lines."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from payments_mock.testing import RemoteServer
from testkit.made_once import made_once
from testkit.measuring import measured
from testkit.processes import running_server
from tests.inspector.backend import ORDER, Backend
from tests.inspector.copies import run_copies
from tests.inspector.stories import NAMES, STORIES

ADDRESS = "http://payments-mock.test"
"""Stands in what is copied for the address of whichever server it is made of."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none"]
    with running_server(command, tmp_path_factory.mktemp("server"), measured()) as server:
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
        # Another process may read them, which has a server of its own; by then this one's may be gone.
        (folder / "told").write_text(json.dumps(told).replace(url, ADDRESS))
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


def test_no_story_but_that_of_a_masked_card_leaves_anything_out(copied: dict[str, Any]) -> None:
    leaving = {name for name, order in copied.items() if "is left out" in order["scenario"]["gherkin"]}

    assert leaving == {"toss-key_a_card_in"}


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
    lines = copied[name]["scenario"]["curl"].replace("SECRET_KEY", again.secret_key).replace(ADDRESS, url)

    done = subprocess.run(["bash", "-e", "-c", lines], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert again.order(ORDER)["verdict"]["kind"] == copied[name]["verdict"]["kind"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "kiosk-meet_a_twin",
            (
                "assert answer.status_code == 200",
                'sandbox.faults.hold("confirm", "after")',
                'first = sandbox.shop.begins("POST", "/v1/payments/confirm", ',
                'answer = sandbox.shop.sends("POST", "/v1/payments/confirm", ',
                "assert answer.status_code == 409",
                "sandbox.faults.let_go()",
                "answer = first.answer()",
                "assert answer.status_code == 200",
            ),
        ),
        (
            "toss-confirm_with_the_other_pairs_key",
            (
                'sandbox.shopper.pays("order_1", 15000)',
                'sandbox.use_keys("widget")',
                'answer = sandbox.shop.sends("POST", "/v1/payments/confirm", ',
                "assert answer.status_code == 400",
            ),
        ),
        (
            "toss-pay_in_the_widget",
            ('sandbox.use_keys("widget")', 'sandbox.shopper.pays("order_1", 15000)'),
        ),
        (
            "toss-transfer_in_a_window_of_the_server",
            ("assert answer", 'sandbox.shopper.pays_in_window("order_1", method="TRANSFER")'),
        ),
        (
            "toss-repeat_the_key_of_another_order",
            (
                'sandbox.shopper.pays("order_before", 15000)',
                'answer = sandbox.shop.sends("POST", "/v1/payments/confirm", {\'paymentKey\': '
                "'{payment 1 of order_before}'",
                "assert answer.status_code == 200",
                'sandbox.shopper.pays("order_1", 15000)',
            ),
        ),
    ],
)
def test_a_copy_reads_as_the_story_was(copied: dict[str, Any], name: str, lines: tuple[str, ...]) -> None:
    written = [line.strip() for line in copied[name]["scenario"]["pytest"].splitlines()]

    first = next(place for place, line in enumerate(written) if line.startswith(lines[0]))
    read = written[first : first + len(lines)]
    assert all(line.startswith(said) for line, said in zip(read, lines, strict=True)), read


def test_curl_lines_name_the_pair_of_the_key(copied: dict[str, Any]) -> None:
    assert "-u WIDGET_SECRET_KEY:" in copied["toss-pay_in_the_widget"]["scenario"]["curl"]
    assert "-u SECRET_KEY:" in copied["toss-pay"]["scenario"]["curl"]


def test_an_answer_whose_first_call_the_journal_has_lost_is_left_out(url: str) -> None:
    shop = Backend(RemoteServer(url).sandbox("toss"))
    shop.order_id = "order_before"
    shop.begin()
    shop.confirm(key="press-1")
    shop.sandbox.journal.clear()
    shop.order_id = ORDER
    shop.begin()
    shop.confirm(key="press-1")

    why = "it got the answer of another call, which the journal does not have"
    assert f"is left out: {why}." in shop.sandbox.order(ORDER)["scenario"]["pytest"]


def test_a_call_whose_body_is_masked_is_left_out_with_what_rests_on_it(copied: dict[str, Any]) -> None:
    written = copied["toss-key_a_card_in"]["scenario"]["pytest"]

    assert "# POST /v1/payments/key-in is left out: the journal masks a part of its body." in written
    assert f"# GET /v1/payments/orders/{ORDER} is left out: it rests on what is left out." in written


def test_a_call_about_a_payment_of_another_order_is_left_out(url: str) -> None:
    shop = Backend(RemoteServer(url).sandbox("kiosk"))
    shop.begin()
    shop.ask("/v1/payments/confirm", shop.order() | {"orderId": "order_2"})

    written = shop.sandbox.order("order_2")["scenario"]["gherkin"]
    assert "# POST /v1/payments/confirm is left out: it names a payment of another order." in written


def test_what_was_chosen_and_sent_stands_in_the_copy(copied: dict[str, Any]) -> None:
    told = {name: order["scenario"]["gherkin"] for name, order in copied.items()}

    assert '"card": {"installmentPlanMonths": 13}' in told["toss-ask_for_more_instalments_than_there_are"]
    asked = told["toss-ask_for_an_error_under_a_key"]
    assert 'When with the headers {"Idempotency-Key": "press-1", "Tosspayments-Test-Code": ' in asked
    assert '{"Content-Type": "text/plain"}' in told["kiosk-send_what_does_not_say_it_is_json"]
