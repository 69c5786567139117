"""The page of a cash receipt: whoever holds its address reads it, but not whose it is."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from payments_mock.settings import MerchantSettings, Settings
from testkit.inside.bank_shop import BankShop

MERCHANT = MerchantSettings(
    "toss", contract="toss", secret_keys=("test_sk_toss",), client_keys=("test_ck_toss",)
)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, log_format="none", merchants=(MERCHANT,))


@pytest.fixture
def shop(app: Flask) -> BankShop:
    return BankShop(app, "test_sk_toss", "test_ck_toss")


def page_of(shop: BankShop, receipt: TestResponse, language: str = "en") -> TestResponse:
    """Open the address that an answer gives."""
    path = receipt.get_json()["receiptUrl"].removeprefix("http://localhost")
    return shop.app.test_client().get(path, headers={"Accept-Language": language})


def test_the_page_shows_what_was_issued(shop: BankShop) -> None:
    receipt = shop.issue_receipt(orderName="<b>아메리카노</b>")

    page = page_of(shop, receipt)

    assert page.status_code == 200
    for shown in ("order_123", "10,000", "&lt;b&gt;아메리카노", "2024-01-01 21:34:56", "Issued"):
        assert shown in page.text


def test_the_page_keeps_the_customer_s_number_to_itself(shop: BankShop) -> None:
    assert "01012345678" not in page_of(shop, shop.issue_receipt()).text


def test_a_cancel_has_a_page_of_its_own(shop: BankShop) -> None:
    told = shop.cancel_receipt(shop.issued_receipt(), amount=4000)

    page = page_of(shop, told).text

    assert "4,000" in page
    assert "Canceled" in page


def test_the_page_is_korean_for_who_prefers_nothing(shop: BankShop) -> None:
    page = page_of(shop, shop.issue_receipt(), language="")

    assert "현금영수증" in page.text
    assert page.headers["Content-Language"] == "ko"


def test_an_unknown_receipt_has_no_page(shop: BankShop) -> None:
    assert shop.app.test_client().get("/receipts/cash/unknown").status_code == 404
