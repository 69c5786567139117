"""Authentication: Basic with the secret key as the user and an empty password."""

import pytest

from testkit.inside.shop import Shop, basic
from tests.contracts.kiosk.answers import OPERATIONS, assert_refused

ODD_HEADERS = {
    "empty": "",
    "no credentials": "Basic ",
    "no scheme": "dGVzdF9za19kdW1teTo=",
    "a second colon": basic("test_sk_dummy::"),
    "a space before the key": basic(" test_sk_dummy:"),
    "a client key": basic("test_ck_dummy:"),
    "a NUL": basic("\0:"),
    "beyond Latin-1": "Basic \u00e9\u00ff",
    "very long": basic("k" * 20_000 + ":"),
}
WRONG_HEADERS = ODD_HEADERS | {
    "scheme alone": "Basic",
    "another scheme": "Bearer dGVzdF9za19kdW1teTo=",
    "no colon": basic("test_sk_dummy"),
    "a password": basic("test_sk_dummy:secret"),
    "the key as password": basic(":test_sk_dummy"),
    "a colon alone": basic(":"),
    "an unknown key": basic("test_sk_nobody:"),
    "another case": basic("TEST_SK_DUMMY:"),
    "no base64": "Basic test_sk_dummy:",
    "broken padding": "Basic dGVzdF9za19kdW1teTo9=",
    "not UTF-8": "Basic /////w==",
}


@pytest.mark.every_case
@pytest.mark.parametrize("header", ODD_HEADERS.values(), ids=ODD_HEADERS)
def test_odd_credentials_are_refused(shop: Shop, header: str) -> None:
    response = shop.call("GET", "/v1/payments/pay_123", headers={"Authorization": header})

    assert_refused(response, 401, "UNAUTHORIZED_KEY")
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_no_operation_is_done_for_a_stranger(shop: Shop, operation: object) -> None:
    path = operation.path.replace("<payment_key>", "pay_123").replace("<order_id>", "order_123")  # type: ignore[attr-defined]
    stranger = shop.app.test_client()

    response = stranger.open(path, method=operation.method, json={"cancelReason": "x"})  # type: ignore[attr-defined]

    assert_refused(response, 401, "UNAUTHORIZED_KEY")


def test_a_stranger_changes_nothing(shop: Shop) -> None:
    before = shop.pay() and shop.get().data

    shop.call(
        "POST",
        "/v1/payments/pay_123/cancel",
        json={"cancelReason": "x"},
        headers={"Authorization": "Basic x"},
    )

    assert shop.get().data == before


@pytest.mark.parametrize("header", ["BASIC dGVzdF9za19kdW1teTo=", "Basic  dGVzdF9za19kdW1teTo= "])
def test_the_scheme_s_case_and_spaces_do_not_matter(shop: Shop, header: str) -> None:
    shop.create()

    assert shop.call("GET", "/v1/payments/pay_123", headers={"Authorization": header}).status_code == 200


def test_base64_may_come_without_its_padding(shop: Shop) -> None:
    shop.create()

    for cut in ("Basic dGVzdF9za19kdW1teTo=", "Basic dGVzdF9za19kdW1teTo"):
        assert shop.call("GET", "/v1/payments/pay_123", headers={"Authorization": cut}).status_code == 200


def test_the_header_of_the_integration_guide_is_taken(shop: Shop) -> None:
    assert basic("test_sk_dummy:") == "Basic dGVzdF9za19kdW1teTo="


@pytest.mark.parametrize("header", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
def test_a_refusal_repeats_no_credentials(shop: Shop, header: str) -> None:
    response = shop.call("GET", "/v1/payments/pay_123", headers={"Authorization": header})

    assert "dummy" not in response.text
    assert "dGVzdF9" not in response.text
