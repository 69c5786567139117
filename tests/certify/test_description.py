"""A merchant's description is read strictly: an error is one line that names key and line."""

import pytest

from payments_mock.certify.description import DescriptionError
from payments_mock.certify.reading import read_description

SOUND = """\
[merchant]
name = "Corner shop"
base_url = "http://127.0.0.1:8080/"

[place_order]
request = "POST /orders"
json = { items = [{ id = "popcorn", quantity = 1 }] }
order_id = "$.orderId"
amount = "$.amount"

[returned]
request = "POST /payments/confirm"
json = { paymentKey = "{paymentKey}", orderId = "{orderId}", amount = "{amount}" }

[order]
request = "GET /orders/{orderId}"
status = "$.status"
states = { open = ["OPEN"], paid = ["PAID", "SHIPPED"] }
"""


def test_what_is_left_out_has_a_default() -> None:
    read = read_description(SOUND)

    assert (read.contract, read.settles_within, read.timeout) == ("toss", 20.0, 5.0)
    assert (read.order_at_provider, read.start, read.webhook_url) == ("{orderId}", (), None)


def test_the_merchants_words_are_mapped_to_states() -> None:
    assert read_description(SOUND).states == {"OPEN": "open", "PAID": "paid", "SHIPPED": "paid"}


def test_a_base_url_needs_no_slash_at_its_end() -> None:
    assert read_description(SOUND).base_url == "http://127.0.0.1:8080"


def test_a_section_that_is_missing_is_not_declared() -> None:
    read = read_description(SOUND)

    assert read.has("returned")
    assert not read.has("refund")


def test_an_empty_section_says_that_virtual_accounts_are_taken() -> None:
    assert read_description(SOUND + "[virtual_account]\n").has("virtual_account")


def test_a_driver_needs_no_recipes() -> None:
    read = read_description(
        '[merchant]\nname = "D"\nbase_url = "http://127.0.0.1:1"\ndriver = ["python", "d.py"]\n'
    )

    assert read.driver == ("python", "d.py")


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Corner shop"', "name = 7", "shop.toml:2: merchant.name must be a name"),
        ('name = "Corner shop"\n', "", "shop.toml:1: merchant.name is missing"),
        (
            "http://127.0.0.1:8080/",
            "corner",
            "shop.toml:3: merchant.base_url must be a URL such as http://127.0.0.1:8080",
        ),
        ("[place_order]", "timout = 3\n\n[place_order]", "shop.toml:5: merchant.timout is not known"),
        (
            "[place_order]",
            'contract = "visa"\n\n[place_order]',
            'shop.toml:5: merchant.contract must be "toss" or "kiosk"',
        ),
        (
            "[place_order]",
            "timeout = true\n\n[place_order]",
            "shop.toml:5: merchant.timeout must be seconds, more than 0 and at most 300",
        ),
        (
            "[place_order]",
            'order_at_provider = "("\n\n[place_order]',
            "shop.toml:5: merchant.order_at_provider must be a pattern with {orderId} in it",
        ),
        (
            '"POST /orders"',
            '"/orders"',
            'shop.toml:6: place_order.request must be a method and a path, such as "POST /orders"',
        ),
        ('order_id = "$.orderId"\n', "", "shop.toml:5: place_order.order_id is missing"),
        ('"$.orderId"', '"orderId"', "shop.toml:8: place_order.order_id must begin with"),
        ('"$.orderId"', '"$["', "shop.toml:8: place_order.order_id is not a JSONPath"),
        ('"$.orderId"', '"pattern:("', "shop.toml:8: place_order.order_id is not a pattern"),
        ('"$.orderId"', '"pattern:x"', "shop.toml:8: place_order.order_id is a pattern without a group"),
        ("[returned]", "[returnd]", "shop.toml:11: returnd is not known"),
        ("[returned]", "[pay]", "returned [returned] is missing; without it no order can be judged"),
        ("open = [", "opn = [", "shop.toml:18: order.states knows no 'opn'; the states are open, pending"),
        ('["PAID", "SHIPPED"]', '["OPEN"]', "shop.toml:18: order.states 'OPEN' is both open and paid"),
        ('paid = ["PAID", "SHIPPED"]', 'failed = ["X"]', "shop.toml:18: order.states must say which word"),
        ('status = "$.status"', 'statos = "$.status"', "shop.toml:17: order.statos is not known"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(old: str, new: str, told: str) -> None:
    assert old in SOUND
    with pytest.raises(DescriptionError) as refused:
        read_description(SOUND.replace(old, new, 1), "shop.toml")

    message = str(refused.value)
    assert told in message
    assert "\n" not in message


def test_what_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(DescriptionError, match="at line 2"):
        read_description("[merchant]\nname = \n", "shop.toml")


def test_the_kiosk_contract_has_no_webhooks() -> None:
    text = SOUND.replace("[place_order]", 'contract = "kiosk"\nwebhook_url = "http://a/b"\n\n[place_order]')
    with pytest.raises(DescriptionError, match=r"shop\.toml:6: merchant\.webhook_url the kiosk contract"):
        read_description(text, "shop.toml")
