"""Headers that hold for every call: trace ids, languages, pages of other origins, and odd ways to ask."""

import re
import sys
from pathlib import Path

import pytest
import requests
from werkzeug.test import TestResponse

from payments_mock.api.operation import Operation
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from testkit.inside.toss_sales import check_out, pay
from testkit.inside.toss_stage import Stage
from testkit.processes import running_server
from testkit.races import at_once
from tests.contracts.toss.answers import assert_refused

TRACE_ID = "X-TossPayments-Trace-Id"
ENGLISH = {"Accept-Language": "en-US"}
ORIGIN = "https://shop.example.com"


@pytest.mark.parametrize("operation", TOSS_CONTRACT.operations, ids=lambda operation: operation.name)
def test_every_operation_answers_with_a_trace_id(stage: Stage, operation: Operation) -> None:
    path = operation.path.replace("<", "").replace(">", "")

    answer = stage.toss.call(operation.method, path)

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers[TRACE_ID])


def odd_answers(stage: Stage) -> list[TestResponse]:
    """Return answers that no operation gives."""
    return [
        stage.toss.call("GET", "/v1/nothing"),
        stage.toss.call("DELETE", "/v1/transactions"),
        stage.toss.call("POST", "/v1/payments/confirm", data="x" * 70_000),
        stage.app.test_client().get("/v1/transactions"),
        stage.app.test_client().get("/v1/transactions", headers={"Authorization": "Basic ?"}),
    ]


def test_answers_of_no_operation_have_a_trace_id_too(stage: Stage) -> None:
    answers = odd_answers(stage)

    assert all(answer.status_code >= 400 for answer in answers)
    assert len({answer.headers[TRACE_ID] for answer in answers}) == len(answers)


def test_no_two_workers_give_the_same_trace_id(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--workers", "2"]
    with running_server([*command, "--log-format", "none"], tmp_path) as server:
        answers = at_once([lambda: requests.get(f"{server.url}/v1/transactions", timeout=30)] * 16)

    assert len({answer.headers[TRACE_ID] for answer in answers}) == len(answers)


@pytest.mark.parametrize(
    ("languages", "method"),
    [
        (None, "카드"),
        ("en", "CARD"),
        ("en-GB,en;q=0.8", "CARD"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "카드"),
        ("*", "카드"),
        ("", "카드"),
    ],
)
def test_values_are_in_the_language_that_the_caller_likes_best(
    stage: Stage, languages: str | None, method: str
) -> None:
    payment_key = stage.paid()
    headers = {} if languages is None else {"Accept-Language": languages}

    found = stage.toss.call("GET", f"/v1/payments/{payment_key}", headers=headers)

    assert found.get_json()["method"] == method


def test_every_value_that_is_ours_is_english_on_request(stage: Stage) -> None:
    payment = pay(stage.toss, method="EASY_PAY", easyPay="네이버페이", orderName="Shirt")

    shown = stage.toss.call("GET", f"/v1/payments/{payment['paymentKey']}", headers=ENGLISH)

    assert shown.get_json()["method"] == "EASY_PAY"
    assert re.search("[가-힣]", shown.get_data(as_text=True)) is None


def test_what_the_caller_wrote_stays_as_it_was_written(stage: Stage) -> None:
    payment_key = stage.paid(orderName="토스 티셔츠")

    canceled = stage.post(
        f"/v1/payments/{payment_key}/cancel", {"cancelReason": "고객 변심"}, headers=ENGLISH
    )

    shown = canceled.get_json()
    assert (shown["orderName"], shown["cancels"][0]["cancelReason"]) == ("토스 티셔츠", "고객 변심")


@pytest.mark.parametrize("path", ["/v1/payments/confirm", "/v1/payments/pay_1/cancel", "/v1/billing/key"])
def test_a_page_of_another_origin_may_ask_whether_it_may_call(stage: Stage, path: str) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }

    answer = stage.app.test_client().options(path, headers=asked)

    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert {"authorization", "content-type", "idempotency-key", "tosspayments-test-code"} <= allowed
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_a_page_of_another_origin_may_read_what_it_is_answered(stage: Stage) -> None:
    paths = (f"/v1/payments/{stage.paid()}", "/v1/payments/unknown", "/v1/nothing")

    answers = [stage.toss.call("GET", path, headers={"Origin": ORIGIN}) for path in paths]

    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in answers} == {ORIGIN}


def test_no_page_may_call_with_what_the_browser_keeps(stage: Stage) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    client = stage.app.test_client()

    answers = [
        stage.toss.call("GET", "/v1/payments/unknown", headers={"Origin": ORIGIN}),
        client.options("/v1/payments/confirm", headers=asked),
        client.options("/checkout/sessions", headers=asked),
    ]

    assert [answer.headers.get("Access-Control-Allow-Credentials") for answer in answers] == [None] * 3


def test_a_caller_that_is_no_page_hears_nothing_of_origins(stage: Stage) -> None:
    assert "Access-Control-Allow-Origin" not in stage.toss.get("unknown").headers


def test_a_slash_at_the_end_of_the_path_changes_nothing(stage: Stage) -> None:
    begun = check_out(stage.toss)
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}

    confirmed = stage.post("/v1/payments/confirm/", asked)
    found = stage.toss.call("GET", f"/v1/payments/{begun['paymentKey']}/")
    canceled = stage.post(f"/v1/payments/{begun['paymentKey']}/cancel/", {"cancelReason": "고객 변심"})

    assert [answer.get_json()["status"] for answer in (confirmed, found, canceled)] == [
        "DONE",
        "DONE",
        "CANCELED",
    ]


def test_parameters_that_nobody_knows_change_nothing(stage: Stage) -> None:
    begun = check_out(stage.toss)
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}

    confirmed = stage.post("/v1/payments/confirm?utm_source=app&v=1", asked)
    found = stage.toss.call("GET", f"/v1/payments/{begun['paymentKey']}?_=1700000000")

    assert (confirmed.status_code, found.status_code) == (200, 200)


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", None])
def test_json_is_taken_however_it_is_declared(stage: Stage, content_type: str | None) -> None:
    answer = stage.toss.call(
        "POST",
        "/v1/payments/confirm",
        data='{"paymentKey":"x","orderId":"y","amount":1}',
        content_type=content_type,
    )

    assert_refused(answer, "NOT_FOUND_PAYMENT_SESSION")


def test_a_form_is_refused(stage: Stage) -> None:
    answer = stage.toss.call("POST", "/v1/payments/confirm", data={"amount": "1"})

    assert "application/json" in assert_refused(answer, "INVALID_REQUEST")
