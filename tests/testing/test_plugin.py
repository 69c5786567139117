"""The plugin as a merchant's suite meets it: run by a pytest of its own, on files of its own."""

from testkit.depth import waits_for_ci

pytest_plugins = ["pytester"]


def test_every_test_has_a_sandbox_of_its_own(run) -> None:
    run(
        """
def test_one(sandbox):
    assert create(sandbox, "order_1").status_code == 200
    assert len(sandbox.payments()) == 1

def test_another(sandbox):
    assert sandbox.payments() == []

def test_one_that_deletes_it(sandbox):
    sandbox.faults.lose_answer("cancel")
    sandbox.delete()
"""
    ).assert_outcomes(passed=3)


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
    result.stdout.fnmatch_lines(['lose_answer("cancel", name="lost-refund") never fired; calls seen: none'])


def test_a_fault_that_never_fired_is_told_with_the_calls_that_came_instead(run) -> None:
    result = run(
        """
def test_it(sandbox):
    sandbox.faults.lose_answer("confirm")
    sandbox.faults.answer_slowly("get", 5, order_id="order_1", times="always")
    create(sandbox, "order_1")
    requests.get(f"{sandbox.base_url}/v1/payments/none", auth=(sandbox.secret_key, ""), timeout=10)
"""
    )

    seen = "never fired; calls seen: create order_1 -> 200, get none -> 404"
    result.stdout.fnmatch_lines(
        [
            f'lose_answer("confirm") {seen}',
            f'answer_slowly("get", 5, order_id="order_1", times="always") {seen}',
        ]
    )
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_arguments_of_the_marker_without_names_are_refused(run) -> None:
    result = run(
        """
import pytest
@pytest.mark.payments_mock("toss", "2024-06-01")
def test_it(sandbox):
    pass
"""
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "arguments of the marker need their names: "
            '@pytest.mark.payments_mock(contract="toss", version="2024-06-01")'
        ]
    )
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_a_marker_with_a_wrong_name_is_told_the_right_one(run) -> None:
    result = run(
        """
import pytest
@pytest.mark.payments_mock(contrakt="toss")
def test_it(sandbox):
    pass
"""
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["400 INVALID_REQUEST: contrakt*did you mean contract*"])
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_a_shopper_on_the_kiosk_contract_says_how_to_mark_the_test(run) -> None:
    result = run("def test_it(sandbox):\n    sandbox.shopper.pays('order_1', 1000)\n")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ['*no payment window; mark the test: @pytest.mark.payments_mock(contract="toss")']
    )


def test_a_suite_can_opt_out(run) -> None:
    result = run("def test_it(sandbox):\n    pass\n", "-p", "no:payments_mock")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'sandbox' not found*"])


@waits_for_ci
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
