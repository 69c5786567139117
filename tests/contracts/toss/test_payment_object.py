"""The Payment object: the published example field by field, every method, and its tax."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from payments_mock.api.payment_schema import PaymentSchema
from payments_mock.app import create_app
from payments_mock.domain.payments.payment import State
from payments_mock.ids import ALPHANUMERIC, Ids
from payments_mock.settings import BUILT_IN_MERCHANTS, Settings
from testkit.inside.clock import MovableClock
from testkit.inside.database import close_connections, put_in_state
from testkit.inside.toss_merchant import TossMerchant
from testkit.inside.toss_sales import cancel, check_out, confirm, pay
from tests.contracts.toss.answers import answered

PAYMENT_KEY = "5EnNZRJGvaBX7zk2yd8ydw26XvwXkLrx9POLqKQjmAw4b0e1"
TRANSACTION_KEY = "9C62B18EEF0DE3EB7F4422EB6D14BC6E"
RECEIPT = re.compile(r"http://localhost/receipts/\w{48}\?token=[\w~.-]{16,}")
CHECKOUT = re.compile(r"http://localhost/v1/payments/\w{48}/checkout")

EXAMPLE: dict[str, Any] = {
    "mId": "tosspayments",
    "lastTransactionKey": TRANSACTION_KEY,
    "paymentKey": PAYMENT_KEY,
    "orderId": "MC4wODU4ODQwMzg4NDk0",
    "orderName": "토스 티셔츠 외 2건",
    "taxExemptionAmount": 0,
    "status": "DONE",
    "requestedAt": "2024-02-13T12:17:57+09:00",
    "approvedAt": "2024-02-13T12:18:14+09:00",
    "useEscrow": False,
    "cultureExpense": False,
    "card": {
        "issuerCode": "71",
        "acquirerCode": "71",
        "number": "12345678****000*",
        "installmentPlanMonths": 0,
        "isInterestFree": False,
        "interestPayer": None,
        "approveNo": "00000000",
        "useCardPoint": False,
        "cardType": "신용",
        "ownerType": "개인",
        "acquireStatus": "READY",
        "receiptUrl": RECEIPT,
        "amount": 1000,
    },
    "virtualAccount": None,
    "transfer": None,
    "mobilePhone": None,
    "giftCertificate": None,
    "cashReceipt": None,
    "cashReceipts": None,
    "discount": None,
    "cancels": None,
    "secret": re.compile("ps_[A-Za-z0-9]{28}"),
    "type": "NORMAL",
    "easyPay": {"provider": "토스페이", "amount": 0, "discountAmount": 0},
    "easyPayAmount": 0,
    "easyPayDiscountAmount": 0,
    "country": "KR",
    "failure": None,
    "isPartialCancelable": True,
    "receipt": {"url": RECEIPT},
    "checkout": {"url": CHECKOUT},
    "currency": "KRW",
    "totalAmount": 1000,
    "balanceAmount": 1000,
    "suppliedAmount": 909,
    "vat": 91,
    "taxFreeAmount": 0,
    "method": "카드",
    "version": "2022-11-16",
}
"""The answer to a confirm in the approval guide; addresses are ours, so given by their form."""

DOCUMENTATION_SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R"
DOCUMENTATION_CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"

METHODS = {
    "CARD": ("카드", "card"),
    "VIRTUAL_ACCOUNT": ("가상계좌", "virtualAccount"),
    "EASY_PAY": ("간편결제", "easyPay"),
    "MOBILE_PHONE": ("휴대폰", "mobilePhone"),
    "TRANSFER": ("계좌이체", "transfer"),
    "CULTURE_GIFT_CERTIFICATE": ("문화상품권", "giftCertificate"),
    "BOOK_GIFT_CERTIFICATE": ("도서문화상품권", "giftCertificate"),
    "GAME_GIFT_CERTIFICATE": ("게임문화상품권", "giftCertificate"),
}
"""Each method: its Korean name, and the part of the object that tells more."""

PARTS = ("card", "virtualAccount", "transfer", "mobilePhone", "giftCertificate", "easyPay")

STATUSES = {
    State.INITIATED: "READY",
    State.AUTHENTICATED: "IN_PROGRESS",
    State.AWAITING_DEPOSIT: "WAITING_FOR_DEPOSIT",
    State.APPROVED: "DONE",
    State.PARTIALLY_CANCELED: "PARTIAL_CANCELED",
    State.CANCELED: "CANCELED",
    State.ABORTED: "ABORTED",
    State.EXPIRED: "EXPIRED",
}


def scripted(parts: dict[int, list[bytes]]) -> Ids:
    """Make ids of these random bytes, by how many are asked for at once; when they are used up, of zeros."""
    left = {count: iter(values) for count, values in parts.items()}

    def random_bytes(count: int) -> bytes:
        return next(left.get(count, iter(())), bytes(count))

    return Ids(random_bytes)


@pytest.fixture
def documentation(database_url: str, clock: MovableClock) -> Iterator[TossMerchant]:
    """Lend the merchant of the public documentation, whose first ids are those of the example."""
    payment_key = bytes(ALPHANUMERIC.index(character) for character in PAYMENT_KEY)
    receipt_token, transaction_key = bytes(16), bytes.fromhex(TRANSACTION_KEY)
    ids = scripted({48: [payment_key], 16: [receipt_token, transaction_key]})
    settings = Settings(database_url=database_url, log_format="none", merchants=BUILT_IN_MERCHANTS)
    app = create_app(settings, clock=clock, ids=ids)
    yield TossMerchant(app, DOCUMENTATION_SECRET_KEY, DOCUMENTATION_CLIENT_KEY)
    close_connections(app)


def assert_like(shown: Any, expected: Any) -> None:
    """Check a value; where a pattern is expected, the whole of a text must have its form."""
    if isinstance(expected, re.Pattern):
        assert expected.fullmatch(shown)
    elif isinstance(expected, dict):
        assert shown.keys() == expected.keys()
        for name, part in expected.items():
            assert_like(shown[name], part)
    else:
        assert (shown, type(shown)) == (expected, type(expected))


def test_the_published_example_is_answered_field_by_field(
    documentation: TossMerchant, clock: MovableClock
) -> None:
    clock.now = datetime(2024, 2, 13, 3, 17, 57, tzinfo=UTC)
    wanted = {name: EXAMPLE[name] for name in ("orderId", "orderName")}
    begun = check_out(documentation, amount=1000, method="카드", easyPay="TOSSPAY", **wanted)
    clock.now = datetime(2024, 2, 13, 3, 18, 14, tzinfo=UTC)

    payment = answered(confirm(documentation, begun), PaymentSchema())

    assert payment.pop("metadata") is None
    assert_like(payment, EXAMPLE)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_its_name_and_its_part(toss: TossMerchant, method: str) -> None:
    korean, part = METHODS[method]

    payment = answered(confirm(toss, check_out(toss, method=method)), PaymentSchema())

    assert payment["method"] == korean
    assert payment[part]
    others = [name for name in PARTS if name != part and not (method == "EASY_PAY" and name == "card")]
    assert [payment[name] for name in others] == [None] * len(others)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_a_secret_that_stays(toss: TossMerchant, method: str) -> None:
    paid, other = pay(toss, method=method), pay(toss, method=method)

    assert re.fullmatch("ps_[A-Za-z0-9]{28}", paid["secret"])
    assert paid["secret"] != other["secret"]
    assert toss.get(paid["paymentKey"]).get_json()["secret"] == paid["secret"]
    assert cancel(toss, paid)["secret"] == paid["secret"]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_can_be_named_in_korean_and_is_answered_in_english_on_request(
    toss: TossMerchant, method: str
) -> None:
    begun = check_out(toss, method=METHODS[method][0])
    asked = {name: begun[name] for name in ("paymentKey", "orderId", "amount")}

    answer = toss.post("/v1/payments/confirm", asked, headers={"Accept-Language": "en-US"})

    assert answered(answer, PaymentSchema())["method"] == method


@pytest.mark.parametrize("method", METHODS)
def test_a_virtual_account_waits_and_all_else_is_done(toss: TossMerchant, method: str) -> None:
    payment = answered(confirm(toss, check_out(toss, method=method)), PaymentSchema())

    is_account = method == "VIRTUAL_ACCOUNT"
    assert payment["status"] == ("WAITING_FOR_DEPOSIT" if is_account else "DONE")
    assert (payment["approvedAt"] is None) is is_account


@pytest.mark.parametrize("method", METHODS)
def test_only_some_methods_can_be_canceled_in_part(toss: TossMerchant, method: str) -> None:
    payment = pay(toss, method=method)

    whole_only = method == "MOBILE_PHONE" or method.endswith("GIFT_CERTIFICATE")
    assert payment["isPartialCancelable"] is not whole_only


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("state", STATUSES)
def test_the_object_is_complete_for_every_method_in_every_state(
    app: Flask, toss: TossMerchant, method: str, state: State
) -> None:
    begun = check_out(toss, method=method)
    put_in_state(app, begun["paymentKey"], state)

    for answer in (toss.get(begun["paymentKey"]), toss.get_by_order(begun["orderId"])):
        assert answered(answer, PaymentSchema())["status"] == STATUSES[state]


def test_metadata_comes_back_as_it_was_given(toss: TossMerchant) -> None:
    given = {"table": "7", "멤버십": "골드"}

    assert pay(toss, metadata=given)["metadata"] == given


def test_a_whole_cancel_leaves_nothing_to_divide(toss: TossMerchant) -> None:
    payment = cancel(toss, pay(toss, taxFreeAmount=3_000))

    left = ("balanceAmount", "suppliedAmount", "vat", "taxFreeAmount")
    assert [payment[name] for name in left] == [0, 0, 0, 0]
    assert payment["totalAmount"] == 10_000


@pytest.mark.parametrize(("hours", "status"), [(2, "READY"), (3, "CANCELED")])
def test_a_sale_that_is_canceled_on_its_day_never_reaches_the_acquirer(
    toss: TossMerchant, clock: MovableClock, hours: int, status: str
) -> None:
    paid = pay(toss)
    clock.advance(hours=hours)

    assert cancel(toss, paid)["card"]["acquireStatus"] == status


@pytest.mark.parametrize(
    ("amount", "tax_free", "supplied", "vat"),
    [
        (167_136, 0, 151_942, 15_194),
        (30_000, 0, 27_273, 2_727),
        (11_111, 0, 10_101, 1_010),
        (9_026, 0, 8_205, 821),
        (10_000, 10_000, 0, 0),
        (10_000, 4_500, 5_000, 500),
        (50_000_000_000, 0, 45_454_545_455, 4_545_454_545),
    ],
)
def test_tax_is_an_eleventh_of_the_taxed_part_rounded_half_up(
    toss: TossMerchant, amount: int, tax_free: int, supplied: int, vat: int
) -> None:
    payment = pay(toss, amount=amount, taxFreeAmount=tax_free)

    assert (payment["suppliedAmount"], payment["vat"], payment["taxFreeAmount"]) == (supplied, vat, tax_free)


def test_a_wallet_that_pays_with_its_money_shows_no_card(toss: TossMerchant) -> None:
    paid = pay(toss, method="EASY_PAY", easyPay="NAVERPAY", easyPayWith="MONEY")

    assert paid["card"] is None
    assert paid["easyPay"] == {"provider": "네이버페이", "amount": 10_000, "discountAmount": 0}


def test_a_wallet_that_pays_by_the_card_in_it_shows_both(toss: TossMerchant) -> None:
    paid = pay(toss, method="EASY_PAY", easyPay="NAVERPAY", easyPayWith="CARD")

    assert paid["card"]["amount"] == 10_000
    assert paid["easyPay"] == {"provider": "네이버페이", "amount": 0, "discountAmount": 0}
