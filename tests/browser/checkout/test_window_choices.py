"""What is chosen in the window, and what the shop lets be chosen."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.checkout.conftest import Enter, OpenPage
from tests.browser.checkout.sessions import open_session
from tests.browser.conftest import Provider

pytestmark = pytest.mark.a_few(2)

CHOICES: dict[str, tuple[list[tuple[str, str]], Any]] = {
    "CARD": (
        [("check", "issuer-61"), ("installments", "6")],
        lambda payment: (
            (payment["card"]["issuerCode"], payment["card"]["installmentPlanMonths"]) == ("61", 6)
        ),
    ),
    "EASY_PAY": (
        [("check", "easyPay-KAKAOPAY")],
        lambda payment: payment["easyPay"]["provider"] == "카카오페이" and payment["method"] == "간편결제",
    ),
    "TRANSFER": ([("transfer-bank", "90")], lambda payment: payment["transfer"]["bankCode"] == "90"),
    "VIRTUAL_ACCOUNT": (
        [("account-bank", "20"), ("depositor", "이구매")],
        lambda payment: (
            (payment["virtualAccount"]["bankCode"], payment["virtualAccount"]["customerName"])
            == ("20", "이구매")
            and payment["status"] == "WAITING_FOR_DEPOSIT"
        ),
    ),
    "MOBILE_PHONE": (
        [("phone", "010-9876-5432")],
        lambda payment: payment["mobilePhone"]["customerMobilePhone"].endswith("5432"),
    ),
    "CULTURE_GIFT_CERTIFICATE": ([], lambda payment: payment["method"] == "문화상품권"),
    "BOOK_GIFT_CERTIFICATE": ([], lambda payment: payment["method"] == "도서문화상품권"),
    "GAME_GIFT_CERTIFICATE": ([], lambda payment: payment["method"] == "게임문화상품권"),
}


def confirm_at(provider: Provider, address: str) -> dict[str, Any]:
    """Confirm as the shop's server does, with what came back in the query of `address`."""
    query = dict(parse_qsl(urlsplit(address).query))
    body = {name: query[name] for name in ("paymentKey", "orderId", "amount")}
    auth = ("test_sk_toss_dummy", "")
    confirmed = requests.post(f"{provider.url}/v1/payments/confirm", json=body, auth=auth, timeout=10)
    confirmed.raise_for_status()
    payment: dict[str, Any] = confirmed.json()
    return payment


@pytest.mark.parametrize("means", ["CARD", "MONEY"])
def test_a_wallet_pays_by_a_card_or_with_the_money_in_it(
    open_page: OpenPage, provider: Provider, means: str
) -> None:
    window = open_page(open_session(provider.url)).page

    window.get_by_test_id("method-EASY_PAY").check()
    expect(window.get_by_test_id("easyPayWith-CARD")).to_be_checked()
    window.get_by_test_id(f"easyPayWith-{means}").check()
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()

    window.wait_for_url(f"{provider.url}/health?*")
    payment = confirm_at(provider, window.url)
    by_card, by_money = (payment["card"] or {}).get("amount", 0), payment["easyPay"]["amount"]
    total = payment["totalAmount"]
    assert (by_card, by_money) == {"CARD": (total, 0), "MONEY": (0, total)}[means]


@pytest.mark.parametrize("method", CHOICES)
def test_what_the_shopper_chose_is_in_the_payment(
    open_page: OpenPage, provider: Provider, method: str
) -> None:
    steps, is_chosen = CHOICES[method]
    window = open_page(open_session(provider.url)).page

    window.get_by_test_id(f"method-{method}").check()
    for field, value in steps:
        box = window.get_by_test_id(value if field == "check" else field)
        if field == "check":
            box.check()
        elif field in {"depositor", "phone"}:
            box.fill(value)
        else:
            box.select_option(value)
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()

    window.wait_for_url(f"{provider.url}/health?*")
    payment = confirm_at(provider, window.url)
    assert is_chosen(payment), payment


def test_a_wrong_phone_number_is_told_beside_its_field(open_page: OpenPage, provider: Provider) -> None:
    window = open_page(open_session(provider.url, method="MOBILE_PHONE")).page

    window.get_by_test_id("phone").fill("010")
    window.get_by_test_id("agree").check()
    window.get_by_test_id("pay").click()

    expect(window.get_by_test_id("phone")).to_be_focused()
    expect(window.get_by_test_id("problem")).not_to_be_empty()


def test_instalments_begin_at_fifty_thousand_won(open_page: OpenPage, provider: Provider) -> None:
    window = open_page(open_session(provider.url, amount=49999)).page

    expect(window.get_by_test_id("installments")).to_be_disabled()
    expect(window.get_by_text("할부는 5만원부터")).to_be_visible()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_names_of_card_companies_are_on_one_line(
    open_page: OpenPage, provider: Provider, language: str
) -> None:
    window = open_page(f"{open_session(provider.url)}&lang={language}").page

    heights = window.locator(".chip-name:visible").evaluate_all(
        "names => names.map((one) => one.clientHeight)"
    )

    assert len(heights) == 8
    assert len(set(heights)) == 1


def test_a_switch_of_the_language_keeps_what_was_chosen(open_page: OpenPage, provider: Provider) -> None:
    window = open_page(open_session(provider.url)).page
    window.get_by_test_id("issuer-more").click()
    window.get_by_test_id("issuer-24").check()
    window.get_by_test_id("installments").select_option("6")
    window.get_by_test_id("method-MOBILE_PHONE").check()
    window.get_by_test_id("phone").fill("01098765432")
    window.get_by_test_id("agree").check()

    window.get_by_test_id("language-en").click()

    expect(window.get_by_test_id("pay")).to_have_text("Pay 68,000 KRW")
    expect(window.get_by_test_id("phone")).to_be_visible()
    expect(window.get_by_test_id("phone")).to_have_value("01098765432")
    expect(window.get_by_test_id("agree")).to_be_checked()
    window.get_by_test_id("method-CARD").check()
    expect(window.get_by_test_id("issuer-24")).to_be_checked()
    expect(window.get_by_test_id("installments")).to_have_value("6")


def test_what_was_chosen_in_one_window_is_not_in_the_next(open_page: OpenPage, provider: Provider) -> None:
    first = open_page(open_session(provider.url)).page
    first.get_by_test_id("agree").check()
    first.get_by_test_id("language-en").click(no_wait_after=True)
    first.wait_for_url("**lang=en*")

    first.goto(open_session(provider.url))

    expect(first.get_by_test_id("agree")).not_to_be_checked()


def test_the_window_of_cards_offers_wallets(enter: Enter) -> None:
    shopper = enter("v2-payment")
    shopper.ask()

    shopper.window.get_by_test_id("method-EASY_PAY").check()
    shopper.window.get_by_test_id("easyPay-NAVERPAY").check()
    shopper.window.get_by_test_id("agree").check()
    shopper.window.get_by_test_id("pay").click()

    payment = shopper.confirm(shopper.arrival("/success")).json()
    assert (payment["method"], payment["easyPay"]["provider"]) == ("간편결제", "네이버페이")


@pytest.mark.parametrize(
    ("card", "offered"),
    [
        ({"flowMode": "DEFAULT", "cardCompany": "SAMSUNG"}, ["CARD", "EASY_PAY"]),
        ({"flowMode": "DIRECT", "cardCompany": "SAMSUNG"}, ["CARD"]),
        ({"flowMode": "DIRECT", "easyPay": "KAKAOPAY"}, ["EASY_PAY"]),
    ],
)
def test_only_a_direct_flow_skips_the_choice(enter: Enter, card: dict[str, str], offered: list[str]) -> None:
    shopper = enter("v2-payment", more=json.dumps({"card": card}))
    shopper.ask()
    shopper.window.get_by_test_id("pay").wait_for()

    tiles = shopper.window.locator("input[name=method]")

    assert tiles.evaluate_all("boxes => boxes.map((box) => box.value)") == offered


def test_what_the_shop_has_chosen_for_the_shopper_is_paid_with(enter: Enter) -> None:
    card = {"cardCompany": "SAMSUNG", "flowMode": "DIRECT", "cardInstallmentPlan": 3, "useCardPoint": True}
    shopper = enter("v2-payment", more=json.dumps({"card": card}))

    shopper.pay()

    paid = shopper.confirm(shopper.arrival("/success")).json()["card"]
    assert (paid["issuerCode"], paid["installmentPlanMonths"], paid["useCardPoint"]) == ("51", 3, True)
