"""The receipt prints what the shopper paid with in the window."""

import re
from typing import Any

import pytest

from testkit.inside.shop import basic
from tests.checkout.conftest import Browser


def rows(browser: Browser, language: str, **selection: Any) -> dict[str, str]:
    """Pay in the window, confirm, and return the rows of the receipt."""
    browser.decide(browser.open(), selection=selection)
    headers = {"Authorization": basic("test_sk_toss:")}
    order = {"paymentKey": browser.payment()["paymentKey"], "orderId": "order-0001", "amount": 68000}
    payment = browser.client.post("/v1/payments/confirm", json=order, headers=headers).json
    assert payment is not None
    page = browser.client.get(payment["receipt"]["url"], headers={"Accept-Language": language}).text
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page))


def test_a_card_has_its_company_number_instalments_and_approval(browser: Browser) -> None:
    shown = rows(browser, "ko", method="CARD", issuer="41", installmentMonths=6)

    card = browser.payment()["card"]
    assert shown["카드사"] == "신한"
    assert shown["카드 번호"] == card["number"]
    assert shown["승인번호"] == card["approveNo"]
    assert shown["할부"] == "6개월"


def test_a_wallet_is_named_beside_the_card_in_it(browser: Browser) -> None:
    shown = rows(browser, "ko", method="EASY_PAY", easyPay="KAKAOPAY")

    assert (shown["결제 수단"], shown["간편결제사"]) == ("간편결제", "카카오페이")


def test_the_same_is_said_in_english(browser: Browser) -> None:
    shown = rows(browser, "en", method="CARD", issuer="41", installmentMonths=0)

    assert (shown["Card company"], shown["Instalments"]) == ("SHINHAN", "Paid at once")


@pytest.mark.parametrize(
    ("selection", "row", "value"),
    [
        ({"method": "TRANSFER", "bank": "88"}, "은행", "신한"),
        ({"method": "MOBILE_PHONE", "mobilePhone": "01098765432"}, "휴대폰 번호", "010****5432"),
        ({"method": "MOBILE_PHONE", "mobilePhone": "01010101234"}, "휴대폰 번호", "010****1234"),
    ],
)
def test_other_means_are_printed_too(
    browser: Browser, selection: dict[str, str], row: str, value: str
) -> None:
    assert rows(browser, "ko", **selection)[row] == value
