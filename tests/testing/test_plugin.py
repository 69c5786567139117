"""The plugin as a merchant's suite meets it: run in a process of its own, on files of its own."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CALL = """
import requests
def create(sandbox, order_id):
    body = {"paymentKey": f"pay_{order_id}", "orderId": order_id, "amount": 1000}
    url = f"{sandbox.base_url}/v1/payments"
    return requests.post(url, json=body, auth=(sandbox.secret_key, ""), timeout=10)
"""

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Run a merchant's test file, and return what came of it."""

    def run_file(text: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(CALL + text)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)

    return run_file


def test_every_test_has_a_sandbox_of_its_own(run) -> None:
    run(
        """
def test_one(sandbox):
    assert create(sandbox, "order_1").status_code == 200
    assert len(sandbox.payments()) == 1

def test_another(sandbox):
    assert sandbox.payments() == []
"""
    ).assert_outcomes(passed=2)


def test_a_marker_chooses_the_contract(run) -> None:
    run(
        """
import pytest
@pytest.mark.payments_mock(contract="toss", version="2024-06-01")
def test_it(sandbox):
    assert sandbox.shopper.pays("order_1", 1000)["status"] == "IN_PROGRESS"
"""
    ).assert_outcomes(passed=1)


def test_a_fault_that_never_fired_is_reported_at_the_end_of_its_test(run) -> None:
    result = run(
        """
def test_it(sandbox):
    sandbox.faults.lose_answer("cancel", name="lost-refund")
"""
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*armed and never fired: lost-refund*"])


def test_a_suite_can_opt_out(run) -> None:
    result = run("def test_it(sandbox):\n    pass\n", "-p", "no:payments_mock")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'sandbox' not found*"])


def test_workers_of_xdist_do_not_meet(run) -> None:
    run(
        """
import pytest
@pytest.mark.parametrize("number", range(6))
def test_it(sandbox, number):
    assert create(sandbox, "order_1").status_code == 200
    assert len(sandbox.payments()) == 1
""",
        "-n",
        "2",
    ).assert_outcomes(passed=6)


FEATURE = """
Feature: A lost answer
  Scenario: In English
    When the next create is refused with NOT_FOUND
    And the backend creates the order order_1
    Then the provider received 1 create for the order order_1
    When the backend creates the order order_1
    Then the order order_1 is AUTHENTICATED at the provider

  Scenario: 한국어로
    When 다음 create 요청이 NOT_FOUND 코드로 거절된다
    And the backend creates the order order_1
    Then 결제사가 주문 order_1의 create 요청을 1번 받았다
    When the backend creates the order order_1
    Then 결제사에서 주문 order_1의 상태는 AUTHENTICATED이다
    When 결제사에서 10분이 지난다
"""


def test_the_steps_come_in_by_one_line_in_both_languages(pytester: pytest.Pytester, run) -> None:
    pytester.makefile(".feature", lost=FEATURE)
    pytester.makeconftest('pytest_plugins = ["payments_mock.testing.steps"]')

    run(
        """
from pytest_bdd import parsers, scenarios, when
scenarios("lost.feature")

@when(parsers.parse("the backend creates the order {order_id}"))
def creates(sandbox, order_id):
    create(sandbox, order_id)
"""
    ).assert_outcomes(passed=2)


def test_every_sentence_is_documented() -> None:
    from payments_mock.testing import steps

    source = Path(steps.__file__).read_text()
    sentences = [line.split('"')[1] for line in source.splitlines() if "parsers.parse(" in line]

    assert len(sentences) == 16
    assert [sentence for sentence in sentences if f"`{sentence}`" not in DOCUMENT.read_text()] == []
