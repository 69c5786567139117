import pytest

from payments_mock.checkout.outcomes import fail_url, is_return_url, success_url, with_query
from testkit.inside.payments import make_payment


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://shop/ok", "http://shop/ok?a=1"),
        ("http://shop/ok?billingMethod=CARD&", "http://shop/ok?billingMethod=CARD&a=1"),
        ("http://shop/ok?x=1&x=2&empty=&flag", "http://shop/ok?x=1&x=2&empty=&flag&a=1"),
        ("http://shop/ok?name=%ED%8C%9D+x%20y", "http://shop/ok?name=%ED%8C%9D+x%20y&a=1"),
        ("http://shop/app#/success", "http://shop/app?a=1#/success"),
        ("http://shop?", "http://shop?a=1"),
    ],
)
def test_what_the_merchant_wrote_stays_as_it_is(url: str, expected: str) -> None:
    assert with_query(url, {"a": 1}) == expected


def test_a_message_in_korean_is_encoded() -> None:
    assert with_query("http://shop/ok", {"message": "취소 &="}).endswith("message=%EC%B7%A8%EC%86%8C+%26%3D")


@pytest.mark.parametrize(
    "url",
    ["http://localhost:3000/ok", "https://shop.example/ok?a=b", "http://kiosk_app:8080", "http://[::1]:80/x"],
)
def test_browsers_are_sent_to_http_and_https(url: str) -> None:
    assert is_return_url(url)


@pytest.mark.every_case
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//shop/ok",
        "/ok",
        "http://",
        "http://shop/a b",
        "http://shop/\n",
        "http://shop:99999/",
        "http://[::1",
        "http://shop/" + "x" * 2000,
    ],
)
def test_browsers_are_sent_nowhere_else(url: str) -> None:
    assert not is_return_url(url)


def test_success_hands_on_what_the_confirm_needs() -> None:
    url = success_url(make_payment(), "http://shop/ok")

    assert url == "http://shop/ok?paymentType=NORMAL&orderId=order_123&paymentKey=pay_123&amount=10000"


def test_a_failure_names_the_order() -> None:
    url = fail_url(make_payment(), "http://shop/no", "REJECT_CARD_COMPANY", "no")

    assert url == "http://shop/no?code=REJECT_CARD_COMPANY&message=no&orderId=order_123"


def test_a_closed_window_names_no_order() -> None:
    assert "orderId" not in fail_url(make_payment(), "http://shop/no", "PAY_PROCESS_CANCELED", "bye")
