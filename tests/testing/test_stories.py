"""The report of a test that fails tells the story of its orders; one that passes tells none."""

pytest_plugins = ["pytester"]


def test_a_failed_test_tells_the_story_of_its_orders(run) -> None:
    result = run(
        """
def test_it(sandbox):
    sandbox.faults.lose_answer("create", name="lost")
    try:
        create(sandbox, "order_1")
    except OSError:
        pass
    assert create(sandbox, "order_2").status_code == 201
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*payments-mock story*",
            "order_1",
            "*merchant  create *> 200*",
            "*fault     lost struck create *> reset, sent nothing x",
            "*payments-mock story*",
            "order_2",
            "*merchant  create *> 200*",
        ]
    )


def test_of_many_orders_those_that_were_called_about_last_have_their_story(run) -> None:
    result = run(
        """
def test_it(sandbox):
    for order in (1, 2, 3, 4, 5, 6, 1):
        create(sandbox, f"order_{order}")
    assert False
"""
    )

    told = [line for line in result.outlines if line.startswith("order_")]
    assert told == ["order_3", "order_4", "order_5", "order_6", "order_1"]


def test_a_test_that_passes_tells_no_story(run) -> None:
    result = run("def test_it(sandbox):\n    create(sandbox, 'order_1')\n", "-rA")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*payments-mock story*")


def test_the_story_of_an_order_says_why_calls_were_refused_and_what_faults_let_through(run) -> None:
    result = run(
        """
import pytest

@pytest.fixture
def shop(sandbox):
    return sandbox

def test_it(request):
    shop = request.getfixturevalue("shop")
    shop.faults.break_connection("cancel", name="cut")
    create(shop, "order_1")
    body = {"paymentKey": "pay_order_1", "orderId": "order_1", "amount": 14999}
    url = f"{shop.base_url}/v1/payments"
    requests.post(f"{url}/confirm", json=body, auth=(shop.secret_key, ""), timeout=10)
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{url}/pay_order_1/cancel", json={}, auth=(shop.secret_key, ""), timeout=10)
    assert False
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*payments-mock story*",
            "*merchant  confirm *> 409 AMOUNT_MISMATCH: amount is 1000, not 14999 x",
            "*fault     cut struck cancel *> reset, sent nothing x",
        ]
    )


def test_a_test_without_a_sandbox_tells_no_story(run) -> None:
    result = run(
        """
def test_deleted(sandbox):
    sandbox.delete()
    assert False

def test_without():
    assert False
"""
    )

    result.assert_outcomes(failed=2)
    result.stdout.no_fnmatch_line("*payments-mock story*")
