"""What the OpenAPI document forbids is refused, and what it allows is not refused as malformed."""

import re
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS30Validator

from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.control.api import CONTROL
from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.shop import basic

TOSS = MerchantSettings(
    "toss", contract="toss", secret_keys=("test_sk_toss_dummy",), client_keys=("test_ck_toss_dummy",)
)
CARD = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "99",
    "cardExpirationMonth": "12",
    "customerIdentityNumber": "000229",
}
ORDER = {"orderId": "order-1", "orderName": "Popcorn", "amount": 50_000}
ACCOUNT = {**ORDER, "customerName": "김토스", "bank": "우리"}
RECEIPT = {**ORDER, "type": "소득공제", "customerIdentityNumber": "01012345678"}
BACK_TO = {"bank": "20", "accountNumber": "123456", "holderName": "김토스"}
CHECKOUT = {**ORDER, "clientKey": "test_ck_toss_dummy", "method": "CARD"}
BILLING = {"clientKey": "test_ck_toss_dummy", "customerKey": "customer-1"}
NO_NUMBER = {"type": "소득공제", "registrationNumber": "1"}
FAULT = {"moment": "before", "effect": {"kind": "reset"}}
DELAY = {**FAULT, "effect": {"kind": "delay", "between": [1, 2], "seed": "a"}}
ALTER = {"moment": "after", "effect": {"kind": "alter", "set": {"status": "SETTLED"}}}
RULE: dict[str, Any] = {}

WIRE_NAMES = {"payment_key": "paymentKey", "billing_key": "billingKey", "receipt_key": "receiptKey"}

WITH_BODY = [row for row in (*TOSS_CONTRACT.operations, *CONTROL.operations) if row.body is not None]

KEY_IN = "/v1/payments/key-in"
ACCOUNTS = "/v1/virtual-accounts"
RECEIPTS = "/v1/cash-receipts"
CANCEL = "/v1/payments/{paymentKey}/cancel"
CHECKOUTS = "/control/checkouts"
AUTHORIZATIONS = "/control/billing-authorizations"
SANDBOXES = "/control/sandboxes"
CLOCK = "/control/sandboxes/{sandbox}/clock"
FAULTS = "/control/sandboxes/{sandbox}/faults"
VERIFY = "/control/sandboxes/{sandbox}/journal/verify"
WEBHOOKS = "/control/sandboxes/{sandbox}/webhooks"
WEBHOOK_RULES = f"{WEBHOOKS}/rules"
FORGE = f"{WEBHOOKS}/forge"
END = "/control/sandboxes/{sandbox}/held-calls/end"
REPORTS = "/control/sandboxes/{sandbox}/reports"

ALLOWED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (KEY_IN, CARD | ORDER, {}),
    (KEY_IN, CARD | ORDER, {"amount": " 50000 ", "cardInstallmentPlan": "3", "taxFreeAmount": 0}),
    (KEY_IN, CARD | ORDER, {"amount": 100, "cardInstallmentPlan": 0, "cardPassword": None, "vbv": None}),
    (KEY_IN, CARD | ORDER, {"customerIdentityNumber": "2208162517"}),
    (ACCOUNTS, ACCOUNT, {"validHours": "2160", "dueDate": None, "useEscrow": True}),
    (ACCOUNTS, ACCOUNT, {"accountKey": "customer-1", "useEscrow": False}),
    (ACCOUNTS, ACCOUNT, {"cashReceipt": {"type": "미발행"}}),
    (RECEIPTS, RECEIPT, {"amount": 1, "customerIdentityNumber": "5365101234121234"}),
    (CANCEL, {"cancelReason": "USER_REQUEST"}, {"refundReceiveAccount": BACK_TO, "currency": "KRW"}),
    (CHECKOUTS, CHECKOUT, {"successUrl": "https://shop.example:8443/paid?by=card#top"}),
    (CHECKOUTS, CHECKOUT, {"cashReceipt": NO_NUMBER, "outcome": {"result": "wait"}}),
    (CHECKOUTS, CHECKOUT, {"cashReceipt": {"type": "지출증빙"}, "easyPay": "토스페이"}),
    (AUTHORIZATIONS, BILLING, {"method": "계좌이체", "transfer": {"bank": "088"}}),
    (SANDBOXES, {"contract": "toss"}, {"widgetSecretKey": "test_gsk_mine"}),
    (CLOCK, {"set": "2024-02-29T23:59:59+09:00"}, {"advance": "P1Y2M3DT4H5M6.5S"}),
    (FAULTS, FAULT, {"effect": {"kind": "error", "status": 503}, "times": "always"}),
    (FAULTS, FAULT, {"match": {"operation": "confirm", "nth": 2}, "lasts": "PT10M"}),
    (FAULTS, DELAY, {}),
    (FAULTS, ALTER, {}),
    (FAULTS, FAULT, {"effect": {"kind": "hold"}}),
    (FAULTS, FAULT, {"effect": {"kind": "hold", "seconds": 600}}),
    (END, {"do": "let-go"}, {"orderId": "order_1"}),
    (END, {"do": "refuse"}, {"status": 503}),
    (FAULTS, ALTER, {"effect": {"kind": "alter", "remove": ["card.number", "cancels.0"]}}),
    (VERIFY, {"atLeast": 0}, {"atMost": 2}),
    (WEBHOOK_RULES, {"order": "contradictory"}, {"contradiction": "ABORTED", "delay": "P1W"}),
    (WEBHOOKS, {"url": "http://127.0.0.1:8080"}, {}),
    (FORGE, {"paymentKey": "pay_1"}, {"set": {"data.status": "DONE"}, "event": "PAYMENT_STATUS_CHANGED"}),
    (REPORTS, {"lag": "PT0S"}, {}),
]

FORBIDDEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (KEY_IN, CARD | ORDER, {"amount": 99}),
    (KEY_IN, CARD | ORDER, {"amount": "99"}),
    (KEY_IN, CARD | ORDER, {"cardNumber": "1330123412341234"}),
    (KEY_IN, CARD | ORDER, {"cardExpirationMonth": "13"}),
    (KEY_IN, CARD | ORDER, {"cardPassword": "99"}),
    (KEY_IN, CARD | ORDER, {"customerIdentityNumber": "010229"}),
    (KEY_IN, CARD | ORDER, {"customerIdentityNumber": "991231"}),
    (KEY_IN, CARD | ORDER, {"cardInstallmentPlan": 1}),
    (KEY_IN, CARD | ORDER, {"cardInstallmentPlan": 13}),
    (KEY_IN, CARD | ORDER, {"cardInstallmentPlan": 2, "amount": 49_999}),
    (KEY_IN, CARD | ORDER, {"useCardPoint": "yes"}),
    (KEY_IN, CARD | ORDER, {"taxFreeAmount": -1}),
    (ACCOUNTS, ACCOUNT, {"amount": 199}),
    (ACCOUNTS, ACCOUNT, {"bank": "토스"}),
    (ACCOUNTS, ACCOUNT, {"validHours": 1, "dueDate": "2024-02-13T23:59:59"}),
    (ACCOUNTS, ACCOUNT, {"validHours": 2161}),
    (ACCOUNTS, ACCOUNT, {"dueDate": "2023-02-29T23:59:59"}),
    (ACCOUNTS, ACCOUNT, {"accountKey": "customer-1", "useEscrow": True}),
    (ACCOUNTS, ACCOUNT, {"accountKey": "a" * 14}),
    (ACCOUNTS, ACCOUNT, {"useEscrow": 1}),
    (ACCOUNTS, ACCOUNT, {"cashReceipt": {}}),
    (ACCOUNTS, ACCOUNT, {"cashReceipt": {"type": "소득공제"}}),
    (ACCOUNTS, ACCOUNT, {"cashReceipt": NO_NUMBER}),
    (RECEIPTS, RECEIPT, {"amount": "0"}),
    (RECEIPTS, RECEIPT, {"type": "미발행"}),
    (RECEIPTS, RECEIPT, {"customerIdentityNumber": "123456789012"}),
    (CANCEL, {"cancelReason": "USER_REQUEST"}, {"refundReceiveAccount": {**BACK_TO, "bank": "none"}}),
    (CANCEL, {"cancelReason": "USER_REQUEST"}, {"refundReceiveAccount": {**BACK_TO, "accountNumber": "1"}}),
    (CANCEL, {"cancelReason": "USER_REQUEST"}, {"refundReceiveAccount": {**BACK_TO, "holderName": "불일치"}}),
    (CANCEL, {"cancelReason": "USER_REQUEST"}, {"refundReceiveAccount": {}}),
    (CHECKOUTS, CHECKOUT, {"amount": 0}),
    (CHECKOUTS, CHECKOUT, {"successUrl": "ftp://shop.example"}),
    (CHECKOUTS, CHECKOUT, {"easyPay": "PAYPAL"}),
    (CHECKOUTS, CHECKOUT, {"card": {"issuer": "none"}}),
    (CHECKOUTS, CHECKOUT, {"method": "CASH"}),
    (CHECKOUTS, CHECKOUT, {"outcome": {"result": "fail"}}),
    (CHECKOUTS, CHECKOUT, {"outcome": {"decline": "NO_SUCH_CODE"}}),
    (CHECKOUTS, CHECKOUT, {"cashReceipt": NO_NUMBER}),
    (CHECKOUTS, CHECKOUT, {"metadata": dict.fromkeys("abcdef", "x")}),
    (AUTHORIZATIONS, BILLING, {"method": "가상계좌"}),
    (SANDBOXES, {"contract": "kiosk"}, {"widgetSecretKey": "test_gsk_mine"}),
    (SANDBOXES, {"contract": "toss"}, {"widgetSecretKey": "test_sk_mine"}),
    (SANDBOXES, {"contract": "toss"}, {"clientKey": "live_ck_mine"}),
    (CLOCK, {}, {}),
    (CLOCK, {"set": "1999-12-31T23:59:59Z"}, {}),
    (CLOCK, {"advance": "PT0S"}, {}),
    (CLOCK, {"advance": "PT"}, {}),
    (FAULTS, FAULT, {"effect": {"kind": "reset", "seconds": 1}}),
    (FAULTS, FAULT, {"effect": {"kind": "error"}}),
    (FAULTS, FAULT, {"effect": {"kind": "error", "code": "NOT_FOUND", "seconds": 1}}),
    (FAULTS, FAULT, {"effect": {"kind": "delay"}}),
    (FAULTS, FAULT, {"effect": {"kind": "delay", "seconds": 1, "status": 500}}),
    (FAULTS, DELAY, {"effect": {"kind": "drip", "between": [1, 2]}}),
    (FAULTS, DELAY, {"effect": {"kind": "drip", "seconds": 1, "seed": "a"}}),
    (FAULTS, FAULT, {"effect": {"kind": "hold", "seconds": 601}}),
    (FAULTS, FAULT, {"effect": {"kind": "hold", "between": [1, 2], "seed": "a"}}),
    (END, {"do": "refuse"}, {}),
    (END, {"do": "cut"}, {"status": 503}),
    (FAULTS, ALTER, {"effect": {"kind": "alter"}}),
    (FAULTS, ALTER, {"effect": {"kind": "alter", "set": {}}}),
    (FAULTS, ALTER, {"effect": {"kind": "alter", "remove": ["card..number"]}}),
    (FAULTS, ALTER, {"moment": "before"}),
    (FAULTS, FAULT, {"match": {"nth": 1}, "skip": 0}),
    (FAULTS, FAULT, {"match": {"operation": "pay"}}),
    (FAULTS, FAULT, {"lasts": "PT1M", "until": "2999-01-01T00:00:00Z"}),
    (FAULTS, FAULT, {"times": 0}),
    (VERIFY, {"count": 1}, {"atMost": 2}),
    (WEBHOOK_RULES, RULE, {"code": "INVALID_REQUEST"}),
    (WEBHOOK_RULES, RULE, {"order": "before", "delay": "PT1S"}),
    (WEBHOOKS, {"url": "file:///etc/hosts"}, {}),
    (WEBHOOKS, {"url": "http://localhost:65536/"}, {}),
    (FORGE, {}, {}),
    (FORGE, {"body": {}}, {"raw": ""}),
    (FORGE, {"body": {}}, {"paymentKey": "pay_1"}),
    (FORGE, {"body": {}}, {"set": {"status": "DONE"}}),
    (FORGE, {"paymentKey": "pay_1"}, {"event": "BILLING_DELETED"}),
    (FORGE, {"raw": "\0"}, {}),
    (REPORTS, {"lag": "P"}, {}),
]


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none", merchants=(TOSS,))


@pytest.mark.every_case
@pytest.mark.parametrize(("path", "body", "change"), ALLOWED)
def test_what_the_document_allows_is_not_refused_as_malformed(
    app: Flask, path: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    assert allows(app, path, body | change)
    assert status(app, path, body | change) != 400


@pytest.mark.every_case
@pytest.mark.parametrize(("path", "body", "change"), FORBIDDEN)
def test_what_the_document_forbids_is_refused(
    app: Flask, path: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    assert not allows(app, path, body | change)
    assert status(app, path, body | change) == 400


def test_a_body_is_asked_for_where_none_at_all_would_be_refused(app: Flask) -> None:
    for path, is_needed in (
        (CLOCK, True),
        (FORGE, True),
        (KEY_IN, True),
        (SANDBOXES, False),
        (VERIFY, False),
    ):
        assert described_body(app, path)["required"] is is_needed


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.name)
def test_the_example_of_a_request_is_one_that_the_server_takes(app: Flask, operation: Any) -> None:
    path = re.sub(r"<(\w+)>", lambda name: f"{{{WIRE_NAMES.get(name[1], name[1])}}}", operation.path)
    example = described_example(app, path)

    assert allows(app, path, example)
    assert status(app, path, example) != 400


def allows(app: Flask, path: str, body: dict[str, Any]) -> bool:
    """Tell whether the document calls a body valid."""
    schema = described_body(app, path)["content"]["application/json"]["schema"]
    components = document(app, contract_of(path))["components"]
    valid: bool = OAS30Validator({"allOf": [schema], "components": components}).is_valid(body)
    return valid


def described_example(app: Flask, path: str) -> dict[str, Any]:
    name = described_body(app, path)["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    example: dict[str, Any] = document(app, contract_of(path))["components"]["schemas"][name]["example"]
    return example


def described_body(app: Flask, path: str) -> dict[str, Any]:
    found = document(app, contract_of(path))["paths"][path][method_of(app, path)]
    body: dict[str, Any] = found["requestBody"]
    return body


def method_of(app: Flask, path: str) -> str:
    """Return the method that has a body at a path."""
    methods = document(app, contract_of(path))["paths"][path]
    return next(name for name in ("post", "patch") if name in methods)


def contract_of(path: str) -> str:
    return "control" if path.startswith("/control") else "toss"


_documents: dict[str, dict[str, Any]] = {}


def document(app: Flask, contract: str) -> dict[str, Any]:
    """Return a document, which is the same at every server."""
    if contract not in _documents:
        _documents[contract] = app.test_client().get(f"/openapi.json?contract={contract}").get_json()
    return _documents[contract]


def status(app: Flask, path: str, body: dict[str, Any]) -> int:
    """Return the status that a body is answered with."""
    headers = {} if path.startswith("/control") else {"Authorization": basic("test_sk_toss_dummy:")}
    concrete = re.sub("{[a-z]+Key}", "nothing", path.replace("{sandbox}", "toss"), flags=re.IGNORECASE)
    method = method_of(app, path)
    return app.test_client().open(concrete, method=method, json=body, headers=headers).status_code
