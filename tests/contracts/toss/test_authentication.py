"""Who may call: the kinds of error that credentials can have, and keys that belong together."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.api.operation import Operation
from payments_mock.app import create_app
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.settings import BUILT_IN_MERCHANTS, MerchantSettings
from testkit.inside.clock import MovableClock
from testkit.inside.loading import load
from testkit.inside.shop import basic
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, confirm, pay
from testkit.inside.toss_stage import Stage, staged_app, unused
from tests.contracts.toss.answers import assert_refused

NEWER = (
    MerchantSettings(
        "newer",
        contract="toss",
        version="2024-06-01",
        secret_keys=("test_sk_newer", "test_gsk_newer"),
        client_keys=("test_ck_newer", "test_gck_newer"),
    ),
)
LIST = "/v1/transactions?startDate=2024-01-01&endDate=2024-01-31"


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def call(stage: Stage, authorization: str | None, path: str = LIST) -> TestResponse:
    headers = {} if authorization is None else {"Authorization": authorization}
    return stage.app.test_client().get(path, headers=headers)


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (basic(":"), "UNAUTHORIZED_KEY"),
        (basic("test_sk_TOSS:"), "UNAUTHORIZED_KEY"),
        (basic("\ufefftest_sk_toss:"), "UNAUTHORIZED_KEY"),
        (f"Basic {encoded('test_sk_nobody')}", "INCORRECT_BASIC_AUTH_FORMAT"),
        ("Basic", "INCORRECT_BASIC_AUTH_FORMAT"),
        (basic("test_gck_toss:"), "INVALID_API_KEY"),
    ],
)
def test_wrong_credentials_are_refused_by_what_is_wrong_with_them(
    stage: Stage, authorization: str | None, code: str
) -> None:
    assert_refused(call(stage, authorization), code)


def test_the_scheme_may_be_written_in_capitals(stage: Stage) -> None:
    assert call(stage, f"BASIC {encoded('test_sk_toss:')}").status_code == 200


@pytest.mark.parametrize("operation", TOSS_CONTRACT.operations, ids=lambda operation: operation.name)
def test_no_operation_is_for_strangers(stage: Stage, operation: Operation) -> None:
    path = operation.path.replace("<", "").replace(">", "")

    answer = stage.app.test_client().open(
        path,
        method=operation.method,
        headers={"Authorization": basic("test_ck_toss:")},
    )

    assert_refused(answer, "INVALID_API_KEY")


@pytest.fixture(scope="module")
def toss_first(new_database: Callable[[], str]) -> Iterator[Flask]:
    """Lend an application whose default contract is this one, with the merchants that are built in."""
    with staged_app(new_database(), BUILT_IN_MERCHANTS, MovableClock(), default_contract="toss") as app:
        yield app


@pytest.mark.parametrize("path", ["/v1/payments/pay_123", "/v1/payments/orders/order_123", "/v1/nothing"])
def test_a_setting_says_in_whose_words_a_stranger_is_answered_on_paths_that_contracts_share(
    stage: Stage, toss_first: Flask, path: str
) -> None:
    stranger = {"Authorization": basic("test_sk_nobody:")}

    by_default = stage.app.test_client().get(path, headers=stranger)
    toss = toss_first.test_client().get(path, headers=stranger)

    assert by_default.get_json()["code"] == ("NOT_FOUND" if "nothing" in path else "UNAUTHORIZED_KEY")
    assert_refused(toss, "NOT_FOUND" if "nothing" in path else "UNAUTHORIZED_KEY")


def test_a_payment_is_confirmed_with_the_secret_key_of_the_pair_that_it_was_begun_with(stage: Stage) -> None:
    for one, other in ((stage.toss, stage.widget), (stage.widget, stage.toss)):
        begun = check_out(one)

        assert_refused(confirm(other, begun), "INVALID_API_KEY")
        assert confirm(one, begun).status_code == 200


def test_a_payment_is_seen_and_canceled_with_either_pair(stage: Stage) -> None:
    payment = pay(stage.widget)

    assert stage.toss.get(payment["paymentKey"]).status_code == 200
    assert stage.toss.cancel(payment["paymentKey"]).status_code == 200


def test_another_merchant_sees_nothing_of_a_payment(stage: Stage) -> None:
    begun = check_out(stage.toss)

    assert_refused(stage.other.get(begun["paymentKey"]), "NOT_FOUND_PAYMENT")
    assert_refused(stage.other.get_by_order(begun["orderId"]), "NOT_FOUND_PAYMENT")
    assert_refused(confirm(stage.other, begun), "NOT_FOUND_PAYMENT_SESSION")
    assert_refused(stage.other.cancel(begun["paymentKey"]), "NOT_FOUND_PAYMENT")


def test_two_merchants_may_have_the_same_order_paid(stage: Stage) -> None:
    order_id = unused("order")

    keys = {pay(shop, orderId=order_id)["paymentKey"] for shop in (stage.toss, stage.other)}

    assert len(keys) == 2


def test_widget_keys_are_of_the_first_version_whatever_the_merchant_is_of(
    new_database: Callable[[], str],
) -> None:
    newer = NEWER[0]
    with staged_app(new_database(), NEWER, MovableClock()) as app:
        versions = [
            pay(TossMerchant(app, secret, client))["version"]
            for secret, client in zip(newer.secret_keys, newer.client_keys, strict=True)
        ]

    assert versions == ["2024-06-01", "2022-11-16"]


def test_a_merchant_of_the_settings_file_is_on_the_contract_and_version_that_it_says(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        """
        log_format = "none"

        [[merchants]]
        id = "mine"
        contract = "toss"
        version = "2024-06-01"
        secret_keys = ["test_sk_mine"]
        client_keys = ["test_ck_mine"]
        """
    )
    app = create_app(load({"settings": str(file)}, {}), clock=MovableClock())

    payment = pay(TossMerchant(app, "test_sk_mine", "test_ck_mine"))

    assert (payment["mId"], payment["version"]) == ("mine", "2024-06-01")


PAIRS = [
    ("toss", "test_sk_toss_dummy", "test_ck_toss_dummy"),
    ("toss", "test_gsk_toss_dummy", "test_gck_toss_dummy"),
    ("tosspayments", "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"),
    ("tosspayments", "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6", "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm"),
]


@pytest.mark.parametrize(("merchant", "secret_key", "client_key"), PAIRS)
def test_the_pairs_that_are_built_in_pay(
    toss_first: Flask, merchant: str, secret_key: str, client_key: str
) -> None:
    payment = pay(TossMerchant(toss_first, secret_key, client_key))

    assert (payment["mId"], payment["status"], payment["version"]) == (merchant, "DONE", "2022-11-16")


def test_base64_without_its_padding_is_taken(stage: Stage) -> None:
    padded = encoded("test_sk_toss:")
    assert padded.endswith("==")

    assert call(stage, f"Basic {padded.rstrip('=')}").status_code == 200
