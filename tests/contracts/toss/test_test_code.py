"""The TossPayments-Test-Code header: any code of the catalogue on request, and nothing moves."""

import pytest

from payments_mock.api.operation import Operation
from payments_mock.api.wire import CallRecord
from payments_mock.contracts.kiosk.contract import KIOSK_CONTRACT
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.domain.values import Reader
from testkit.inside.shop import Shop
from testkit.inside.toss_sales import check_out
from testkit.inside.toss_stage import Stage, unused
from tests.contracts.toss.answers import assert_refused
from tests.contracts.toss.published_codes import published_codes

CONFIRM = "/v1/payments/confirm"


def asking(code: str) -> dict[str, dict[str, str]]:
    return {"headers": {"TossPayments-Test-Code": code}}


@pytest.mark.parametrize("code", sorted(published_codes()))
def test_every_published_code_is_answered_with_its_status(stage: Stage, code: str) -> None:
    answer = stage.post(CONFIRM, {}, **asking(code))

    assert answer.status_code == published_codes()[code]
    assert_refused(answer, code)


@pytest.mark.parametrize("operation", TOSS_CONTRACT.operations, ids=lambda operation: operation.name)
def test_every_operation_takes_the_header(stage: Stage, operation: Operation) -> None:
    path = operation.path.replace("<", "").replace(">", "")

    answer = stage.toss.call(operation.method, path, **asking("COMMON_ERROR"))

    assert_refused(answer, "COMMON_ERROR")


def test_the_header_is_judged_before_the_payment_key_and_the_body(stage: Stage) -> None:
    path = "/v1/payments/unknown/cancel"

    answer = stage.toss.call("POST", path, data="no JSON", **asking("REFUND_REJECTED"))

    assert_refused(answer, "REFUND_REJECTED")


def test_the_header_is_judged_after_the_secret_key(stage: Stage) -> None:
    headers = {"TossPayments-Test-Code": "COMMON_ERROR"}

    answer = stage.app.test_client().get("/v1/transactions", headers=headers)

    assert_refused(answer, "UNAUTHORIZED_KEY")


def test_nothing_moves(stage: Stage) -> None:
    begun = check_out(stage.toss)
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}

    assert_refused(stage.post(CONFIRM, asked, **asking("REJECT_CARD_PAYMENT")), "REJECT_CARD_PAYMENT")

    found = stage.toss.get(begun["paymentKey"]).get_json()
    assert (found["status"], found["failure"]) == ("IN_PROGRESS", None)
    assert stage.post(CONFIRM, asked).get_json()["status"] == "DONE"


@pytest.mark.parametrize("code", ["NO_SUCH_CODE", "invalid_request", "EXPIRED_PAYMENT", " "])
def test_a_code_that_does_not_exist_is_refused(stage: Stage, code: str) -> None:
    assert_refused(stage.post(CONFIRM, {}, **asking(code)), "INVALID_TEST_CODE")


def test_an_empty_header_is_none(stage: Stage) -> None:
    assert stage.confirm().status_code == 200
    assert_refused(stage.post(CONFIRM, {}, **asking("")), "INVALID_REQUEST")


def test_the_name_of_the_header_may_be_written_in_any_case(stage: Stage) -> None:
    answer = stage.post(CONFIRM, {}, headers={"tosspayments-test-code": "COMMON_ERROR"})

    assert_refused(answer, "COMMON_ERROR")


def test_the_message_is_in_the_caller_s_language(stage: Stage) -> None:
    korean = stage.post(CONFIRM, {}, **asking("COMMON_ERROR")).get_json()["message"]
    headers = {"TossPayments-Test-Code": "COMMON_ERROR", "Accept-Language": "en-US"}
    english = stage.post(CONFIRM, {}, headers=headers).get_json()["message"]

    assert not korean.isascii()
    assert english.isascii()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NOT_FOUND", 404),
        ("AMOUNT_MISMATCH", 409),
        ("ALREADY_APPROVED", 409),
        ("ALREADY_CANCELED", 422),
        ("PARTIAL_MISMATCH", 409),
        ("INVALID_REQUEST", 400),
        ("UNAUTHORIZED_KEY", 401),
        ("INTERNAL_ERROR", 500),
    ],
)
def test_the_kiosk_contract_answers_its_own_codes(stage: Stage, code: str, status: int) -> None:
    shop = Shop(stage.app, "test_sk_dummy")
    payment = {"paymentKey": unused("pay"), "orderId": unused("order"), "amount": 10_000}
    shop.create(**payment)

    answer = shop.call("POST", CONFIRM, json=payment, **asking(code))

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert shop.get(payment["paymentKey"]).get_json()["status"] == "INITIATED"


def test_the_kiosk_contract_does_not_know_the_toss_contract_s_codes(stage: Stage) -> None:
    answer = Shop(stage.app, "test_sk_dummy").call("POST", CONFIRM, json={}, **asking("COMMON_ERROR"))

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_TEST_CODE")
    assert "COMMON_ERROR" in answer.get_json()["message"]
    assert KIOSK_CONTRACT.answer_code("COMMON_ERROR", CallRecord(0.0, None, Reader("ko", ""))) is None
