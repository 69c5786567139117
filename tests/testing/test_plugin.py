"""The plugin as a merchant's suite meets it: run by a pytest of its own, on files of its own."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from payments_mock.testing import MockServer

pytest_plugins = ["pytester"]

CALL = """
import requests
def create(sandbox, order_id):
    body = {"paymentKey": f"pay_{order_id}", "orderId": order_id, "amount": 1000}
    url = f"{sandbox.base_url}/v1/payments"
    return requests.post(url, json=body, auth=(sandbox.secret_key, ""), timeout=10)
"""

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"
STEPS = Path(__file__).parents[2] / "payments_mock" / "testing" / "steps.py"


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Run a merchant's test file, and return what came of it."""

    def run_file(text: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(CALL + text)
        needless = ("cacheprovider", "hypothesispytest", "schemathesis", "anyio")
        without = [word for name in needless for word in ("-p", f"no:{name}")]
        return pytester.runpytest_inprocess(*without, *arguments)

    return run_file


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


def test_a_test_that_passes_tells_no_story(run) -> None:
    result = run("def test_it(sandbox):\n    create(sandbox, 'order_1')\n", "-rA")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*payments-mock story*")


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


WITH_SANDBOX = "def test_it(sandbox):\n    pass\n\ndef test_another(sandbox):\n    pass\n"


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_one_line_says_that_no_server_answers(run, free_port: int) -> None:
    result = run(WITH_SANDBOX, "--payments-mock-url", f"http://127.0.0.1:{free_port}")

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [f"no payments-mock answers at http://127.0.0.1:{free_port}; start one with `payments-mock serve`"]
    )
    result.stdout.no_fnmatch_line("*control_client.py*")


@pytest.mark.parametrize("url", ["localhost:9090", "localhost:9090/", "ftp://localhost:9090", "http://"])
def test_one_line_says_that_the_url_is_no_address(run, url: str) -> None:
    result = run(WITH_SANDBOX, "--payments-mock-url", url)

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([f'"{url}" is no address of a server; write http://localhost:9090'])
    result.stdout.no_fnmatch_line("*control_client.py*")
    result.stdout.no_fnmatch_line("*another exception*")


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", b"<h1>Not Found</h1>"),
        (200, "text/html", b"<div id=root></div>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b"{}"),
        (404, "application/json", b'{"message": "no such path"}'),
        (404, "application/json", b'{"code": "NOT_FOUND", "message": "no such path"}'),
    ],
)
def test_one_line_says_that_another_server_is_there(run, status: int, kind: str, body: bytes) -> None:
    with another_server(status, kind, body) as url:
        result = run(WITH_SANDBOX, "--payments-mock-url", url)

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([f"another server than payments-mock is at {url}: *"])
    result.stdout.no_fnmatch_line("*control_client.py*")


@contextmanager
def another_server(status: int, kind: str, body: bytes) -> Iterator[str]:
    """Run a server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_wrong_token_is_told_in_one_line(run) -> None:
    with MockServer(control_token="secret-token") as server:
        url = ("--payments-mock-url", server.url)
        run(WITH_SANDBOX, *url, "--payments-mock-token", "secret-token").assert_outcomes(passed=2)
        result = run(WITH_SANDBOX, *url, "--payments-mock-token", "other-token")

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["401 TOKEN_WRONG: *"])
    result.stdout.no_fnmatch_line("*control_client.py*")


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


LOST = """
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


OTHERS = """
Feature: The other sentences
  Scenario: In English
    When webhooks come before the answer
    And every webhook comes 2 times
    And the shopper pays 15,000 won for the order order_1
    And the answer to the next confirm is lost
    And the backend confirms
    Then the order order_1 is APPROVED at the provider
    And the order order_1 is DONE at the provider
    When the answer to the next get comes 0.05 seconds late
    And the connection of the next cancel breaks
    And the backend looks up and cancels
    And 10 minutes pass at the provider
    And the backend has a virtual account issued for the order order_2
    And the shopper deposits for the order order_2
    Then the order order_2 is APPROVED at the provider

  Scenario: 한국어로
    When 웹훅이 응답보다 먼저 온다
    And 모든 웹훅이 2번씩 온다
    And 구매자가 주문 order_1의 15,000원을 결제한다
    And 다음 confirm 응답이 사라진다
    And the backend confirms
    Then 결제사에서 주문 order_1의 상태는 APPROVED이다
    And 결제사에서 주문 order_1의 상태는 DONE이다
    When 다음 get 응답이 0.05초 늦게 온다
    And 다음 cancel 요청의 연결이 끊긴다
    And the backend looks up and cancels
    And 결제사에서 10분이 지난다
    And the backend has a virtual account issued for the order order_2
    And 구매자가 주문 order_2의 가상계좌에 입금한다
    Then 결제사에서 주문 order_2의 상태는 APPROVED이다
"""


BACKEND = """
from contextlib import suppress
import pytest
from pytest_bdd import parsers, scenario, scenarios, when

scenarios("others.feature")

@pytest.mark.payments_mock(contract="kiosk")
@scenario("lost.feature", "In English")
def test_lost():
    pass

@pytest.mark.payments_mock(contract="kiosk")
@scenario("lost.feature", "한국어로")
def test_lost_in_korean():
    pass

def call(sandbox, method, path, body=None):
    url = f"{sandbox.base_url}/v1/{path}"
    with suppress(requests.ConnectionError):
        answer = requests.request(method, url, json=body, auth=(sandbox.secret_key, ""), timeout=10)
        assert answer.status_code == 200, answer.text

@when(parsers.parse("the backend creates the order {order_id}"))
def creates(sandbox, order_id):
    create(sandbox, order_id)

@when("the backend confirms")
def confirms(sandbox, checkout):
    body = {name: checkout[name] for name in ("paymentKey", "orderId", "amount")}
    call(sandbox, "POST", "payments/confirm", body)

@when("the backend looks up and cancels")
def cancels(sandbox, checkout):
    call(sandbox, "GET", f"payments/{checkout['paymentKey']}")
    call(sandbox, "POST", f"payments/{checkout['paymentKey']}/cancel", {"cancelReason": "x"})

@when(parsers.parse("the backend has a virtual account issued for the order {order_id}"))
def issues(sandbox, order_id):
    body = {"amount": 1000, "orderId": order_id, "orderName": "Tea", "customerName": "Kim", "bank": "20"}
    call(sandbox, "POST", "virtual-accounts", body)
"""


def test_the_steps_come_in_by_one_line_in_both_languages(pytester: pytest.Pytester, run) -> None:
    pytester.makefile(".feature", lost=LOST, others=OTHERS)
    pytester.makeconftest('pytest_plugins = ["payments_mock.testing.steps"]')
    pytester.makeini("[pytest]\npayments_mock_contract = toss\n")

    run(BACKEND).assert_outcomes(passed=4)


SENTENCES = re.compile(r"((?:@step\(.*\)\n)+)def ")
WORDS = re.compile(r'@step\([^"]*"([^"]+)"')
KOREAN = re.compile(r"[가-힣]")


def test_every_step_has_its_row_in_the_reference_in_english_and_in_korean() -> None:
    source, reference = STEPS.read_text(encoding="utf-8"), DOCUMENT.read_text(encoding="utf-8")
    pairs = [WORDS.findall(decorators) for decorators in SENTENCES.findall(source)]

    assert 2 * len(pairs) == source.count("@step(")
    for english, korean in pairs:
        assert f"| `{english}` | `{korean}` |" in reference
        assert (bool(KOREAN.search(english)), bool(KOREAN.search(korean))) == (False, True)
