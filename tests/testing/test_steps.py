"""The steps for pytest-bdd, in English and in Korean, run by a pytest of its own."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"
STEPS = Path(__file__).parents[2] / "payments_mock" / "testing" / "steps.py"

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

BESIDE = """
Feature: Calls beside each other, keys of the widget, and windows of the server
  Scenario: In English
    Given the shop uses the keys of the widget
    When the shopper pays 15,000 won for the order order_1
    And the answer to the next confirm is held
    And under the key a1 the shop begins POST /v1/payments/confirm
      \"\"\"
      {"paymentKey": "{payment 1 of order_1}", "orderId": "order_1", "amount": 15000}
      \"\"\"
    And under the key a1 the shop sends POST /v1/payments/confirm
      \"\"\"
      {"paymentKey": "{payment 1 of order_1}", "orderId": "order_1", "amount": 15000}
      \"\"\"
    Then the shop is answered 409
    When the held answer is let go
    Then the shop is answered 200
    Given the shop uses the keys of the API
    And the answer to the next get-by-order is held
    When the shop begins GET /v1/payments/orders/order_1
    And the held answer is cut
    Then no whole answer arrives
    When the shop sends POST /v1/payments
      \"\"\"
      {"orderId": "order_2", "orderName": "Tea", "amount": 900, "method": "CARD",
       "successUrl": "http://s/s", "failUrl": "http://s/f"}
      \"\"\"
    And the shopper pays in the window of the order order_2
      \"\"\"
      {"method": "TRANSFER"}
      \"\"\"
    Then the order order_2 is AUTHENTICATED at the provider
    Given the answer to the next start is held
    When with the headers {"Idempotency-Key": "a2"} the shop begins POST /v1/payments
      \"\"\"
      {"orderId": "order_3", "orderName": "Tea", "amount": 900, "method": "CARD",
       "successUrl": "http://s/s", "failUrl": "http://s/f"}
      \"\"\"
    And the held answer is let go
    And the shopper fails with REJECT_CARD_COMPANY in the window of the order order_3
    Then the order order_3 is ABORTED at the provider

  Scenario: 한국어로
    Given 가맹점이 위젯 키를 쓴다
    When 구매자가 주문 order_1의 15,000원을 결제한다
    And 다음 confirm 응답이 붙잡힌다
    And 멱등키 a1로 가맹점이 POST /v1/payments/confirm 요청을 보내기만 한다
      \"\"\"
      {"paymentKey": "{payment 1 of order_1}", "orderId": "order_1", "amount": 15000}
      \"\"\"
    And 멱등키 a1로 가맹점이 POST /v1/payments/confirm 요청을 보낸다
      \"\"\"
      {"paymentKey": "{payment 1 of order_1}", "orderId": "order_1", "amount": 15000}
      \"\"\"
    Then 가맹점이 409 응답을 받는다
    When 붙잡힌 응답을 보낸다
    Then 가맹점이 200 응답을 받는다
    Given 가맹점이 API 키를 쓴다
    And 다음 get-by-order 응답이 붙잡힌다
    When 가맹점이 GET /v1/payments/orders/order_1 요청을 보내기만 한다
    And 붙잡힌 응답을 끊는다
    Then 온전한 응답이 오지 않는다
    When 가맹점이 POST /v1/payments 요청을 보낸다
      \"\"\"
      {"orderId": "order_2", "orderName": "Tea", "amount": 900, "method": "CARD",
       "successUrl": "http://s/s", "failUrl": "http://s/f"}
      \"\"\"
    And 구매자가 열려 있는 주문 order_2의 결제창에서 결제한다
    Then 결제사에서 주문 order_2의 상태는 AUTHENTICATED이다
    Given 다음 start 응답이 붙잡힌다
    When {"Idempotency-Key": "a2"} 헤더로 가맹점이 POST /v1/payments 요청을 보내기만 한다
      \"\"\"
      {"orderId": "order_3", "orderName": "Tea", "amount": 900, "method": "CARD",
       "successUrl": "http://s/s", "failUrl": "http://s/f"}
      \"\"\"
    And 붙잡힌 응답을 보낸다
    And 구매자가 열려 있는 주문 order_3의 결제창에서 REJECT_CARD_COMPANY 코드로 실패한다
    Then 결제사에서 주문 order_3의 상태는 ABORTED이다
"""

BACKEND = """
from contextlib import suppress
import pytest
from pytest_bdd import parsers, scenario, scenarios, when

scenarios("others.feature", "beside.feature")

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
    pytester.makefile(".feature", lost=LOST, others=OTHERS, beside=BESIDE)
    pytester.makeconftest('pytest_plugins = ["payments_mock.testing.steps"]')
    pytester.makeini("[pytest]\npayments_mock_contract = toss\n")

    run(BACKEND).assert_outcomes(passed=6)


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
