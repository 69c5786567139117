"""Whatever goes wrong before an operation, the answer is JSON of the one error shape."""

import pytest

from testkit.inside.shop import PAYMENT, Shop
from tests.contracts.kiosk.answers import assert_refused

LIMIT = 64 * 1024


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1/paymentt",
        "//v1/payments",
        "/v1//payments/pay_123",
        "/v1/payments/pay_123/refund",
        "/v1/payments/pay_123/cancel/again",
        "/v1/payments/orders/order_123/cancel/again",
        "/v2/payments",
        "/V1/PAYMENTS",
        "/receipts/pay_123",
        "/receipts/-/../../app.py",
        "/static/receipt.css",
        "/docs/viewer/../../openapi.py",
        "/%00",
        "/%ff%fe",
        "/결제",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_that_does_not_exist_is_not_found(shop: Shop, method: str, path: str) -> None:
    response = shop.call(method, path, json=PAYMENT)

    assert response.status_code in {404, 405}
    assert_refused(
        response, response.status_code, {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}[response.status_code]
    )


def test_an_unknown_path_is_not_found_for_a_stranger_too(shop: Shop) -> None:
    assert_refused(shop.app.test_client().get("/v1/nothing"), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "wrong_methods", "allowed"),
    [
        ("/v1/payments", ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"), {"POST"}),
        ("/v1/payments/pay_123/cancel", ("GET", "PUT", "DELETE", "OPTIONS"), {"POST"}),
        ("/v1/payments/pay_123", ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"), {"GET"}),
        ("/v1/payments/orders/order_123", ("POST", "PUT", "DELETE", "OPTIONS"), {"GET"}),
        ("/health", ("POST", "DELETE"), {"GET"}),
        ("/openapi.json", ("POST",), {"GET"}),
        ("/docs", ("POST",), {"GET"}),
    ],
)
def test_a_wrong_method_is_refused_with_the_right_ones(
    shop: Shop, path: str, wrong_methods: tuple[str, ...], allowed: set[str]
) -> None:
    for method in wrong_methods:
        response = shop.call(method, path)

        assert set(response.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed
        if method != "HEAD":
            assert_refused(response, 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "nonsense",
    ],
)
def test_a_body_that_is_not_declared_as_json_is_refused(shop: Shop, content_type: str) -> None:
    response = shop.call("POST", "/v1/payments", data="{}", content_type=content_type)

    assert_refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"]
)
def test_json_is_known_however_it_is_declared(shop: Shop, content_type: str) -> None:
    body = b'{"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}'

    assert shop.call("POST", "/v1/payments", data=body, content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b'"text"',
        b"1",
        b"null",
        b"{}{}",
        b"{'paymentKey': 'pay_123'}",
        b'{"amount": NaN}',
        b'{"amount": 010}',
        b'{"amount": 1e400}',
        b'{"paymentKey": "\xff"}',
        b'{"paymentKey": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        '{"amount": 1}'.encode("utf-16"),
        b"paymentKey=pay_123",
        b"[" * 20_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_a_body_that_is_no_json_object_is_refused(shop: Shop, body: bytes) -> None:
    response = shop.call("POST", "/v1/payments", data=body, content_type="application/json")

    assert_refused(response, 400, "INVALID_REQUEST")


def padded(length: int) -> bytes:
    """Make a valid body of this many bytes."""
    body = b'{"paymentKey": "pay_123", "orderId": "order_123", "amount": 10000}'
    return body + b" " * (length - len(body))


def test_a_body_of_64_kib_is_taken(shop: Shop) -> None:
    response = shop.call("POST", "/v1/payments", data=padded(LIMIT), content_type="application/json")

    assert response.status_code == 200


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
@pytest.mark.parametrize("path", ["/v1/payments", "/v1/payments/confirm", "/v1/payments/pay_123/cancel"])
def test_a_longer_body_is_refused_as_too_long_whatever_it_is(
    shop: Shop, path: str, content_type: str
) -> None:
    response = shop.call("POST", path, data=padded(LIMIT + 1), content_type=content_type)

    assert_refused(response, 413, "PAYLOAD_TOO_LARGE")


def test_of_a_field_that_comes_twice_the_last_counts(shop: Shop) -> None:
    body = b'{"paymentKey": "a", "paymentKey": "b", "orderId": "order_123", "amount": 1}'

    response = shop.call("POST", "/v1/payments", data=body, content_type="application/json")

    assert response.json["paymentKey"] == "b"  # type: ignore[index]


def test_a_body_on_a_look_up_is_no_matter(shop: Shop) -> None:
    shop.create()

    assert shop.call("GET", "/v1/payments/pay_123", data=b"{", content_type="text/plain").status_code == 200
