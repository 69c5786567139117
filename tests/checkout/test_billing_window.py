"""The billing window as the server gives it."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.checkout.routes import OUTCOME_TYPE
from testkit.races import at_once
from tests.checkout.conftest import ORDER

CARD = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "35",
    "cardExpirationMonth": "12",
    "customerIdentityNumber": "900101",
    "cardPassword": "12",
}


class Billing:
    def __init__(self, app: Flask, **values: object) -> None:
        self._app = app
        body = {**ORDER, "customerKey": "customer-1", "method": "CARD", **values}
        answer = app.test_client().post("/checkout/billing-sessions", json=body).json
        assert answer is not None
        self.path = str(answer["windowPath"])

    def decide(
        self, action: str = "authenticate", headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        body = {"token": self.path.partition("token=")[2], "action": action, **more}
        return self._app.test_client().post("/checkout/billing-decisions", json=body, headers=headers)


def test_a_registered_card_leads_back_with_an_auth_key(app: Flask) -> None:
    outcome = Billing(app).decide(card=CARD).json

    assert outcome is not None
    assert outcome["redirectUrl"].startswith("http://localhost:3000/success?customerKey=customer-1&authKey=")


def test_of_many_presses_one_registers(app: Flask) -> None:
    billing = Billing(app)

    statuses = sorted(at_once([lambda: billing.decide(card=CARD).status_code for _ in range(6)]))

    assert statuses.count(200) == 1
    assert set(statuses[1:]) <= {400, 404}


def test_a_window_is_gone_once_something_was_registered_in_it(app: Flask) -> None:
    billing = Billing(app)
    assert app.test_client().get(billing.path).status_code == 200
    billing.decide(card=CARD)

    assert app.test_client().get(billing.path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cardNumber": "12"}, "INVALID_CARD_NUMBER"),
        ({"cardExpirationYear": "20"}, "INVALID_CARD_EXPIRATION"),
        ({"cardExpirationMonth": "13"}, "INVALID_CARD_EXPIRATION"),
        ({"customerIdentityNumber": "000000"}, "INVALID_BIRTH_DAY_FORMAT"),
        ({"cardPassword": "99"}, "INVALID_CARD_PASSWORD"),
    ],
)
def test_a_card_that_can_not_be_is_refused(app: Flask, changes: dict[str, str], code: str) -> None:
    refused = Billing(app).decide(card=CARD | changes)

    assert (refused.status_code, (refused.json or {})["code"]) == (400, code)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "changes",
    [
        {"cardNumber": "12"},
        {"cardExpirationYear": "20"},
        {"cardExpirationMonth": "13"},
        {"customerIdentityNumber": "000000"},
        {"customerIdentityNumber": "1248100999"},
        {"cardPassword": "99"},
    ],
)
def test_what_a_shopper_is_shown_names_no_field_and_is_of_one_language(
    app: Flask, changes: dict[str, str], language: str
) -> None:
    headers = {"Accept": OUTCOME_TYPE, "Accept-Language": language}

    refused = (Billing(app).decide(headers=headers, card=CARD | changes).json or {})["refused"]

    assert re.search("[a-z][A-Z]|\\(the|must", refused["shown"]) is None
    assert (re.search("[가-힣]", refused["shown"]) is None) is (language == "en")
    assert language == "en" or re.search("[A-Za-z]", refused["shown"]) is None


def test_a_card_must_be_named(app: Flask) -> None:
    assert (Billing(app).decide().json or {})["code"] == "INVALID_REQUIRED_PARAM"


def test_an_account_needs_a_bank(app: Flask) -> None:
    billing = Billing(app, method="TRANSFER")

    assert (billing.decide().json or {})["code"] == "INVALID_BANK"
    assert billing.decide(bank="90").status_code == 200


@pytest.mark.parametrize(
    ("action", "more", "code"),
    [
        ("close", {}, "PAY_PROCESS_CANCELED"),
        ("fail", {"code": "INVALID_CARD_LOST_OR_STOLEN"}, "INVALID_CARD_LOST_OR_STOLEN"),
        ("fail", {}, "PAY_PROCESS_ABORTED"),
    ],
)
def test_what_is_not_registered_leads_to_the_fail_page(
    app: Flask, action: str, more: dict[str, str], code: str
) -> None:
    outcome = Billing(app).decide(action, **more).json

    assert outcome is not None
    assert outcome["redirectUrl"].startswith(f"http://localhost:3000/fail?code={code}&message=")


def test_the_token_of_a_payment_opens_no_billing_window(app: Flask) -> None:
    session = app.test_client().post("/checkout/sessions", json=ORDER).json
    assert session is not None
    token = session["windowPath"].partition("token=")[2]

    assert app.test_client().get(f"/checkout/billing?token={token}").status_code == 404
