"""Billing: a customer agrees once, and gets a billing key."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from payments_mock.contracts.toss.billing import Billing
from testkit.inside.cards import CARD, FORM_ERRORS, numbered
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant, query_of
from tests.contracts.toss.answers import answered, assert_refused
from tests.contracts.toss.subscriptions import (
    CARD_AT_THE_TOP,
    CUSTOMER,
    auth_key,
    authorize,
    charge,
    issue,
    register,
)


def test_a_customer_whose_card_is_refused_in_the_window_is_sent_to_the_fail_url(toss: TossMerchant) -> None:
    outcome = {"result": "fail", "code": "REJECT_CARD_COMPANY"}
    given = authorize(toss, outcome=outcome, failUrl="https://shop.example/fail").get_json()

    assert given["authKey"] is None
    assert given["redirectUrl"].startswith("https://shop.example/fail?")
    assert query_of(given["redirectUrl"])["code"] == "REJECT_CARD_COMPANY"


def test_a_customer_who_waits_is_sent_nowhere(toss: TossMerchant) -> None:
    given = authorize(toss, outcome={"result": "wait"}).get_json()

    assert (given["authKey"], given["redirectUrl"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"clientKey": "test_ck_unknown"}, "INVALID_CLIENT_KEY"),
        ({"clientKey": "test_sk_toss"}, "INVALID_CLIENT_KEY"),
        ({"clientKey": "test_gck_toss"}, "INVALID_CLIENT_KEY"),
        ({"customerKey": "1"}, "INVALID_CUSTOMER_KEY"),
        ({"customerKey": None}, "INVALID_REQUIRED_PARAM"),
        ({"method": "MOBILE_PHONE"}, "NOT_SUPPORTED_METHOD"),
        ({"method": 1}, "NOT_SUPPORTED_METHOD"),
        ({"successUrl": "/done"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"failUrl": "done"}, "INCORRECT_FAIL_URL_FORMAT"),
        ({"outcome": {"result": "fail"}}, "INVALID_REQUEST"),
        ({"card": {"number": "1"}}, "INVALID_REQUEST"),
    ],
)
def test_a_window_that_can_t_be_opened_so_is_refused(
    toss: TossMerchant, change: dict[str, object], code: str
) -> None:
    response = authorize(toss, **change)

    assert (response.status_code, response.get_json()["code"]) == (400, code)


def test_a_billing_key_is_issued_for_an_auth_key(toss: TossMerchant, clock: MovableClock) -> None:
    key = auth_key(toss, card={"issuer": "HYUNDAI", "type": "CHECK"})
    clock.advance(minutes=5)
    billing = answered(issue(toss, key), Billing())

    assert (billing["mId"], billing["customerKey"], billing["method"]) == ("toss", CUSTOMER, "카드")
    assert billing["authenticatedAt"] == "2024-01-01T21:34:56+09:00"
    assert (billing["card"]["issuerCode"], billing["card"]["cardType"]) == ("61", "체크")
    assert (billing["cardCompany"], billing["cardNumber"]) == ("현대", billing["card"]["number"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}=", billing["billingKey"])


def test_values_are_english_for_a_caller_who_prefers_it(toss: TossMerchant) -> None:
    body = CARD | {"customerKey": CUSTOMER}
    headers = {"Accept-Language": "en-US"}
    billing = toss.post("/v1/billing/authorizations/card", body, headers=headers).get_json()

    assert (billing["method"], billing["cardCompany"]) == ("CARD", "KAKAOBANK")
    assert (billing["card"]["cardType"], billing["card"]["ownerType"]) == ("CREDIT", "PERSONAL")


def test_the_newer_version_shows_the_card_in_one_place(newer_toss: TossMerchant) -> None:
    answered(register(newer_toss), Billing(), *CARD_AT_THE_TOP)
    answered(issue(newer_toss, auth_key(newer_toss)), Billing(), *CARD_AT_THE_TOP)


def test_an_issue_repeated_with_an_idempotency_key_hears_the_first_answer(toss: TossMerchant) -> None:
    body = {"authKey": auth_key(toss), "customerKey": CUSTOMER}

    def call() -> TestResponse:
        path = "/v1/billing/authorizations/issue"
        return toss.post(path, body, headers={"Idempotency-Key": "once"})

    first = call()
    assert first.status_code == 200
    assert call().data == first.data


def test_an_auth_key_lives_for_ten_minutes(toss: TossMerchant, clock: MovableClock) -> None:
    early, late = auth_key(toss), auth_key(toss)
    clock.advance(minutes=9, seconds=59)

    assert issue(toss, early).status_code == 200
    clock.advance(seconds=1)
    assert_refused(issue(toss, late), "INVALID_BILLING_AUTH")


def test_an_auth_key_is_its_merchant_s_own(toss: TossMerchant, other_toss: TossMerchant) -> None:
    assert_refused(issue(other_toss, auth_key(toss)), "NOT_FOUND_BILLING")


@pytest.mark.parametrize(
    "customer", ["1", "x" * 301, "고객", "a b", "customer\n", "customer/1", "\x00\x00", 1, True, ["customer"]]
)
def test_a_customer_key_of_the_wrong_form_is_refused(toss: TossMerchant, customer: object) -> None:
    for response in (
        issue(toss, auth_key(toss), customer),  # type: ignore[arg-type]
        register(toss, customerKey=customer),
        charge(toss, "any", customerKey=customer),
    ):
        assert_refused(response, "INVALID_CUSTOMER_KEY")


def test_every_character_that_is_allowed_in_a_customer_key_is_kept(toss: TossMerchant) -> None:
    customer = "aZ09-_=.@" * 33

    assert answered(register(toss, customerKey=customer), Billing())["customerKey"] == customer


def test_a_card_that_is_keyed_in_gets_a_billing_key(toss: TossMerchant) -> None:
    billing = answered(register(toss, cardPassword="12", customerName="김토스"), Billing())

    assert billing["card"] == {
        "issuerCode": "15",
        "acquirerCode": "15",
        "number": "53651012****123*",
        "cardType": "신용",
        "ownerType": "개인",
    }
    assert billing["cardCompany"] == "카카오뱅크"


@pytest.mark.parametrize(("change", "code"), FORM_ERRORS)
def test_a_card_that_can_t_be_one_gets_none(toss: TossMerchant, change: dict[str, Any], code: str) -> None:
    assert_refused(register(toss, **change), code)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("0101", "INVALID_STOPPED_CARD"),
        ("0102", "INVALID_CARD_LOST_OR_STOLEN"),
        ("0103", "INVALID_REJECT_CARD"),
        ("0107", "INVALID_CARD"),
    ],
)
def test_a_card_that_nobody_can_use_gets_none(toss: TossMerchant, ending: str, code: str) -> None:
    assert_refused(register(toss, cardNumber=numbered(ending)), code)
    assert_refused(issue(toss, auth_key(toss, card={"number": numbered(ending)})), code)


@pytest.mark.parametrize("field", ["authKey", "customerKey"])
def test_a_field_of_an_issue_that_is_missing_is_named(toss: TossMerchant, field: str) -> None:
    fields = {"authKey": auth_key(toss), "customerKey": CUSTOMER}
    del fields[field]

    response = toss.post("/v1/billing/authorizations/issue", fields)
    assert field in assert_refused(response, "INVALID_REQUIRED_PARAM")


@pytest.mark.parametrize("number", ["4330280000000000", "4111111111111111"])
def test_a_card_of_a_kind_that_nobody_knows_is_registered_and_not_charged(
    toss: TossMerchant, number: str
) -> None:
    billing = answered(register(toss, cardNumber=number), Billing())

    assert billing["card"]["cardType"] == "미확인"
    assert_refused(charge(toss, billing["billingKey"]), "NOT_SUPPORTED_CARD_TYPE")


def test_a_number_that_begins_with_9430_is_no_card_s(toss: TossMerchant) -> None:
    assert_refused(register(toss, cardNumber="9430121234567890"), "INVALID_CARD_NUMBER")


def test_a_billing_key_that_was_cut_or_encoded_twice_is_nobody_s(toss: TossMerchant) -> None:
    key = answered(register(toss), Billing())["billingKey"]

    assert_refused(charge(toss, key.removesuffix("=")), "NOT_FOUND_BILLING")
    assert_refused(charge(toss, key.replace("=", "%253D")), "NOT_FOUND_BILLING")
    assert charge(toss, key).status_code == 200


def test_a_billing_key_of_an_account_shows_its_bank_and_a_masked_number(toss: TossMerchant) -> None:
    key = auth_key(toss, method="계좌이체", transfer={"bank": "088"})
    billing = answered(issue(toss, key), Billing())

    assert billing["card"] is None
    assert [account["bankCode"] for account in billing["transfers"]] == ["88"]
    assert re.fullmatch(r"\d{4}\*{4}\d{4}", billing["transfers"][0]["accountNumber"])
