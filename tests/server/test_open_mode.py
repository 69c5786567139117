"""An open server: a test key that nobody knows gets a sandbox of its own at its first use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from payments_mock.app import create_app
from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.loading import load
from testkit.inside.shop import basic
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import check_out, pay
from testkit.races import at_once

MERCHANTS = (
    MerchantSettings("kiosk", secret_keys=("test_sk_dummy",)),
    MerchantSettings("shop", contract="toss", version="2024-06-01", secret_keys=("test_sk_shop",)),
)


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., Flask]:
    """Make servers on one database, open unless a test says otherwise."""

    def make(**values: Any) -> Flask:
        given = {"open": True, "log_format": "none", "merchants": MERCHANTS} | values
        return create_app(Settings(database_url=f"sqlite:///{tmp_path / 'payments.db'}", **given))

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


def shop_of(app: Flask, suffix: str, *, widget: bool = False) -> TossMerchant:
    g = "g" if widget else ""
    return TossMerchant(app, f"test_{g}sk_{suffix}", f"test_{g}ck_{suffix}")


def test_a_server_is_not_open_unless_it_was_told_to_be(make_app: Callable[..., Flask]) -> None:
    assert not load({}, {}).open
    shop = shop_of(make_app(open=False), "abc")

    assert shop.get("pay_123").status_code == 401
    assert shop.control("checkouts").status_code == 400


@pytest.mark.parametrize("widget", [False, True], ids=["API keys", "widget keys"])
def test_keys_that_end_alike_are_of_one_sandbox(app: Flask, widget: bool) -> None:
    payment = pay(shop_of(app, "abc", widget=widget))

    assert payment["status"] == "DONE"
    assert shop_of(app, "abc", widget=not widget).get(payment["paymentKey"]).get_json() == payment


def test_a_sandbox_is_on_the_toss_contract_in_its_default_version(app: Flask) -> None:
    assert pay(shop_of(app, "abc"))["version"] == "2022-11-16"


def test_whichever_key_comes_first_makes_the_sandbox(app: Flask) -> None:
    unknown = shop_of(app, "abc").get("pay_123")

    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "NOT_FOUND_PAYMENT")
    assert pay(shop_of(app, "abc"))["status"] == "DONE"


def test_keys_that_end_otherwise_see_nothing_of_each_other(app: Flask) -> None:
    payment = pay(shop_of(app, "abc"))
    stranger = shop_of(app, "ABC")

    assert stranger.get(payment["paymentKey"]).status_code == 404
    assert stranger.get_by_order(payment["orderId"]).status_code == 404
    assert pay(stranger)["mId"] != payment["mId"]


def test_a_merchants_id_is_short_and_the_same_after_a_restart(make_app: Callable[..., Flask]) -> None:
    first = pay(shop_of(make_app(), "abc"))["mId"]

    assert len(first) <= 14
    assert pay(shop_of(make_app(), "abc"))["mId"] == first


def test_a_sandbox_outlives_a_restart_with_its_payments(make_app: Callable[..., Flask]) -> None:
    payment = pay(shop_of(make_app(), "abc"))

    assert shop_of(make_app(), "abc").get(payment["paymentKey"]).get_json() == payment


def test_the_client_key_that_goes_with_a_known_secret_key_joins_its_merchant(app: Flask) -> None:
    payment = pay(shop_of(app, "shop"))

    assert (payment["mId"], payment["version"]) == ("shop", "2024-06-01")


def test_a_known_key_of_the_kiosk_contract_stays_what_it_is(app: Flask) -> None:
    created = shop_of(app, "dummy").post(
        "/v1/payments", {"paymentKey": "pay_123", "orderId": "order_123", "amount": 10_000}
    )

    assert created.get_json()["status"] == "INITIATED"
    assert pay(shop_of(app, "dummy", widget=True))["mId"] != "kiosk"


@pytest.mark.parametrize(
    "key",
    ["live_sk_abc", "live_gsk_abc", "test_abc", "test_sk_", "sk_abc", "test_sk_한글", "test_sk_" + "k" * 200],
)
def test_a_key_that_is_no_test_key_stays_unknown(app: Flask, key: str) -> None:
    refused = TossMerchant(app, key, key).get("pay_123")

    assert refused.status_code == 401


def test_a_client_key_does_not_call_the_api(app: Flask) -> None:
    refused = TossMerchant(app, "test_ck_abc", "test_ck_abc").get("pay_123")

    assert (refused.status_code, refused.get_json()["code"]) == (400, "INVALID_API_KEY")


def test_16_first_uses_at_once_make_one_sandbox(app: Flask) -> None:
    shops = [shop_of(app, "abc", widget=number % 2 == 0) for number in range(16)]

    begun = at_once([lambda shop=shop: check_out(shop) for shop in shops])

    found = [shop_of(app, "abc").get(payment["paymentKey"]) for payment in begun]
    assert [answer.status_code for answer in found] == [200] * 16
    assert len({answer.get_json()["mId"] for answer in found}) == 1


def test_several_workers_give_one_sandbox_to_a_key_that_comes_to_all_at_once(
    launch: Callable[..., Any],
) -> None:
    arguments = ("--open", "--port", "0", "--workers", "3", "--log-format", "none")
    server = launch("-m", "payments_mock", "serve", *arguments)
    url = server.printed("Base URL")

    begun = at_once([lambda number=number: begin_at(url, f"order_{number}") for number in range(12)])

    assert "any other test_sk_ or test_gsk_ key  (toss contract, a sandbox of its own)" in server.stdout
    headers = {"Authorization": basic("test_sk_abc:")}
    for payment in begun:
        found = requests.get(f"{url}/v1/payments/{payment['paymentKey']}", headers=headers, timeout=20)
        assert found.status_code == 200, found.text


def begin_at(url: str, order_id: str) -> dict[str, Any]:
    fields = {"clientKey": "test_ck_abc", "orderId": order_id, "orderName": "티셔츠", "amount": 10_000}
    answer = requests.post(f"{url}/control/checkouts", json=fields | {"method": "CARD"}, timeout=20)
    assert answer.status_code == 200, answer.text
    begun: dict[str, Any] = answer.json()
    return begun
