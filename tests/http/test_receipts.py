"""The receipt page: whoever holds its link reads it, and nobody else learns that it exists."""

import re

import pytest
from werkzeug.test import TestResponse

from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import State
from payments_mock.receipts import WORDS
from testkit.inside.clock import MovableClock
from testkit.inside.database import cancel_in_part, put_in_state
from testkit.inside.shop import Shop

SCRIPT = "<script>alert('x')</script>&\"'"


def receipt_of(shop: Shop, payment_key: str = "pay_123") -> str:
    """Return the path and query of a payment's receipt."""
    url: str = shop.get(payment_key).json["receipt"]["url"]  # type: ignore[index]
    return url.removeprefix("http://localhost")


def open_receipt(shop: Shop, path: str, language: str = "en") -> TestResponse:
    return shop.app.test_client().get(path, headers={"Accept-Language": language})


def test_the_link_of_a_confirm_opens(shop: Shop) -> None:
    shop.pay()

    response = open_receipt(shop, receipt_of(shop))

    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"


def test_the_page_shows_what_was_paid(shop: Shop) -> None:
    shop.pay()

    page = open_receipt(shop, receipt_of(shop)).text

    for shown in ("order_123", "pay_123", "10,000", "9,091", "909", "2024-01-01 21:34:56", "kiosk"):
        assert shown in page


def test_the_page_of_a_canceled_payment_bears_a_stamp(shop: Shop, clock: MovableClock) -> None:
    shop.pay()
    path = receipt_of(shop)
    assert WORDS["en"]["stamp"] not in open_receipt(shop, path).text
    clock.advance(minutes=5, seconds=4)
    shop.cancel(cancelReason="Sold out")

    page = open_receipt(shop, path).text

    for shown in (WORDS["en"]["stamp"], "Sold out", "2024-01-01 21:40:00", "10,000"):
        assert shown in page


def test_the_page_of_a_payment_canceled_in_part_shows_each_part_and_what_is_left(shop: Shop) -> None:
    shop.pay()
    cancel_in_part(shop.app, "pay_123", 1000, "Cold coffee")
    cancel_in_part(shop.app, "pay_123", 2500, "No spoon")

    page = open_receipt(shop, receipt_of(shop)).text

    for shown in ("Cold coffee", "1,000 KRW", "No spoon", "2,500 KRW", "6,500 KRW", "10,000 KRW"):
        assert shown in page
    assert WORDS["en"]["partial_stamp"] in page
    assert f">{WORDS['en']['stamp']}<" not in page


def test_the_page_shows_the_part_that_is_free_of_tax(shop: Shop) -> None:
    shop.pay()
    put_in_state(shop.app, "pay_123", State.APPROVED, tax_free_amount=8900, tax_free_balance=8900)

    page = open_receipt(shop, receipt_of(shop)).text

    for shown in ("1,000 KRW", "100 KRW", "8,900 KRW"):
        assert shown in page


@pytest.mark.parametrize(("language", "name"), [("ko", "korean_name"), ("en", "english_name")])
@pytest.mark.parametrize("method", Method)
def test_the_page_names_every_method(shop: Shop, method: Method, language: str, name: str) -> None:
    shop.pay()
    put_in_state(shop.app, "pay_123", State.APPROVED, method=method)

    page = open_receipt(shop, receipt_of(shop), language).text

    assert f"<dd>{getattr(method.definition, name)}</dd>" in page


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en", "en"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr,en;q=0.5", "en"),
        ("ko-KR,en;q=0.5", "ko"),
        ("fr", "ko"),
        ("", "ko"),
        ("*", "ko"),
        ("nonsense;q=x", "ko"),
    ],
)
def test_the_page_speaks_the_language_that_is_preferred(shop: Shop, asked: str, language: str) -> None:
    shop.pay()

    response = open_receipt(shop, receipt_of(shop), asked)

    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text
    assert WORDS[language]["title"] in response.text


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["ko"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize("query", ["?Token=x", "?token=%ff", "?token=%00", "?token=é"])
def test_without_its_token_there_is_no_page(shop: Shop, query: str) -> None:
    shop.pay()

    response = open_receipt(shop, f"/receipts/pay_123{query}")

    assert response.status_code == 404
    assert response.json["code"] == "NOT_FOUND"  # type: ignore[index]


def test_there_is_no_page_before_approval(shop: Shop) -> None:
    shop.create()

    assert shop.get().json["receipt"] is None  # type: ignore[index]
    assert open_receipt(shop, "/receipts/pay_123?token=").status_code == 404


@pytest.mark.parametrize("payment_key", ["...", "a:b@c;d=e,f", "~!$&'()*+", "-", "confirm", "k" * 200])
def test_the_link_opens_whatever_the_payment_key(shop: Shop, payment_key: str) -> None:
    shop.pay(paymentKey=payment_key)

    assert open_receipt(shop, receipt_of(shop, payment_key)).status_code == 200


def test_what_merchants_and_shoppers_wrote_is_text_and_no_markup(shop: Shop) -> None:
    shop.pay(paymentKey="'&=")
    shop.cancel("'&=", cancelReason=SCRIPT)
    put_in_state(shop.app, "'&=", State.CANCELED, order_name=SCRIPT)

    page = open_receipt(shop, receipt_of(shop, "'&=")).text

    assert "<script" not in page
    assert page.count("&lt;script&gt;alert") == 2


def test_the_page_loads_nothing_from_elsewhere(shop: Shop) -> None:
    shop.pay()

    response = open_receipt(shop, receipt_of(shop))

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    links = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert links
    for link in links:
        assert link.startswith("/receipts/-/")
        with shop.app.test_client().get(link) as file:
            assert file.status_code == 200


def test_the_address_with_the_token_is_told_to_nobody(shop: Shop) -> None:
    shop.pay()

    assert open_receipt(shop, receipt_of(shop)).headers["Referrer-Policy"] == "no-referrer"


def test_the_page_is_kept_by_no_cache(shop: Shop) -> None:
    shop.pay()

    assert open_receipt(shop, receipt_of(shop)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["", "a b", "http://", "shop/../x", "a@b", "[::1", "::1"])
def test_a_host_that_names_none_does_not_spoil_the_link(shop: Shop, host: str) -> None:
    shop.pay()

    found = shop.call("GET", "/v1/payments/pay_123", headers={"Host": host}).json

    assert found is not None
    assert found["receipt"]["url"].startswith("http://localhost:80/receipts/pay_123?token=")
