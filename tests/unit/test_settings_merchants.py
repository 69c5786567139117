"""The merchants that settings name, and the keys that tell them apart."""

from pathlib import Path

import pytest

from payments_mock.merchant_settings import masked
from payments_mock.settings import BUILT_IN_MERCHANTS, MerchantSettings, SettingsError
from testkit.inside.loading import load


@pytest.fixture
def merchants_of(tmp_path: Path):
    def merchants_in(text: str) -> tuple[MerchantSettings, ...]:
        file = tmp_path / "mock.toml"
        file.write_text(text, encoding="utf-8")
        return load({"settings": str(file)}, {}).merchants

    return merchants_in


def test_the_integration_guides_key_is_always_there():
    assert load({}, {}).merchants == BUILT_IN_MERCHANTS
    kiosk = BUILT_IN_MERCHANTS[0]
    assert kiosk == MerchantSettings("kiosk", "kiosk", "2022-11-16", secret_keys=("test_sk_dummy",))


def test_the_file_adds_merchants(merchants_of):
    added = merchants_of(
        """
        [[merchants]]
        id = "cafe"
        secret_keys = ["test_sk_cafe"]

        [[merchants]]
        id = "bookshop"
        contract = "toss"
        version = "2024-06-01"
        secret_keys = ["test_sk_book", "test_gsk_book"]
        client_keys = ["test_ck_book"]
        """
    )[len(BUILT_IN_MERCHANTS) :]
    assert added == (
        MerchantSettings("cafe", "kiosk", "2022-11-16", ("test_sk_cafe",), ()),
        MerchantSettings(
            "bookshop", "toss", "2024-06-01", ("test_sk_book", "test_gsk_book"), ("test_ck_book",)
        ),
    )


def test_each_secret_key_given_alone_makes_a_merchant_of_its_own():
    flags = {"secret_keys": ("test_sk_one", "test_sk_two=toss", "odd==kiosk")}
    one, two, odd = load(flags, {}).merchants[len(BUILT_IN_MERCHANTS) :]
    assert (one.contract, one.secret_keys) == ("kiosk", ("test_sk_one",))
    assert (two.contract, two.secret_keys) == ("toss", ("test_sk_two",))
    assert odd.secret_keys == ("odd=",)
    assert len({one.id, two.id, odd.id}) == 3


def test_a_key_given_alone_is_the_same_merchant_at_every_start():
    first = load({"secret_keys": ("test_sk_a", "test_sk_b")}, {}).merchants[-1]
    second = load({}, {"PAYMENTS_MOCK_SECRET_KEYS": "test_sk_b"}).merchants[-1]
    assert first == second
    assert len(first.id) == 14


def test_the_environment_separates_keys_by_commas():
    merchants = load({}, {"PAYMENTS_MOCK_SECRET_KEYS": "test_sk_a, test_sk_b=toss,"}).merchants
    assert [merchant.secret_keys[0] for merchant in merchants[-2:]] == ["test_sk_a", "test_sk_b"]


@pytest.mark.parametrize("key", ["has:colon", "has space", "한글", "", "k" * 201, "tab\t"])
def test_a_key_that_http_basic_cannot_carry_is_refused(key: str):
    with pytest.raises(SettingsError, match="a key must be 1 to 200 printable ASCII characters"):
        load({"secret_keys": (key,)}, {})


def test_a_key_on_an_unknown_contract_is_refused():
    with pytest.raises(SettingsError, match="must be kiosk or toss, not 'stripe'"):
        load({"secret_keys": ("test_sk_a=stripe",)}, {})


def test_a_key_given_twice_is_refused():
    with pytest.raises(SettingsError, match="the key test_sk_dummy is given twice: to kiosk and to key-"):
        load({"secret_keys": ("test_sk_dummy",)}, {})


@pytest.mark.parametrize("flag", ["live_sk_of_a_real_merchant", "live_gsk_of_a_real_merchant=toss"])
def test_a_live_key_is_refused_and_not_spelt_out(flag: str):
    with pytest.raises(
        SettingsError, match=r"^secret_keys: live_\w+… is a live key; give a test key"
    ) as refused:
        load({"secret_keys": (flag,)})
    assert "merchant" not in str(refused.value)


def test_a_merchant_of_the_file_has_the_switches_that_it_names(merchants_of):
    text = '[[merchants]]\nid = "a"\nsecret_keys = ["test_sk_a"]\nswitches = ["unknownFields"]'

    assert merchants_of(text)[-1].switches == ("unknownFields",)


@pytest.mark.parametrize(
    ("switches", "why"),
    [
        ('["unknownField"]', "switches: unknownField is not a switch; did you mean unknownFields?"),
        ('"unknownFields"', "switches must be a list of names"),
        ("[true]", "switches must be a list of names"),
    ],
)
def test_a_switch_of_the_file_that_will_not_do_is_refused(merchants_of, switches: str, why: str):
    with pytest.raises(SettingsError) as refused:
        merchants_of(f'[[merchants]]\nid = "a"\nsecret_keys = ["test_sk_a"]\nswitches = {switches}')

    assert refused.value.message == f"merchants[1]: {why}"


def test_a_live_key_of_a_merchant_in_the_file_is_refused(merchants_of):
    with pytest.raises(SettingsError, match=r"^merchants\[1\]: client_keys: live_ck_… is a live key"):
        merchants_of(
            '[[merchants]]\nid = "a"\nsecret_keys = ["test_sk_a"]\nclient_keys = ["live_ck_of_a_merchant"]'
        )


def test_a_refusal_does_not_spell_out_a_key_that_is_not_for_tests():
    with pytest.raises(SettingsError, match="the key private_… is given twice"):
        load({"secret_keys": ("private_of_a_real_merchant", "private_of_a_real_merchant")}, {})


@pytest.mark.parametrize(
    ("key", "shown"),
    [("test_sk_abc", "test_sk_abc"), ("live_sk_0123456789abcdef", "live_sk_…"), ("shortish", "…")],
)
def test_only_keys_for_tests_are_shown_in_full(key: str, shown: str):
    assert masked(key) == shown


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('secret_keys = ["a"]', "merchants[1]: id must be 1 to 14 of A-Z a-z 0-9 _ -"),
        (
            'id = "far-too-long-id"\nsecret_keys = ["a"]',
            "merchants[1]: id must be 1 to 14 of A-Z a-z 0-9 _ -, not 'far-too-long-id'",
        ),
        ('id = "shop"', "merchants[1]: secret_keys must name at least one key"),
        ('id = "shop"\nsecret_keys = "a"', "merchants[1]: secret_keys must be a list of keys"),
        (
            'id = "shop"\nsecret_keys = [1]',
            "merchants[1]: secret_keys: a key must be 1 to 200 printable ASCII characters, "
            "no colon and no spaces",
        ),
        (
            'id = "shop"\ncontract = "stripe"\nsecret_keys = ["a"]',
            "merchants[1]: contract must be kiosk or toss, not 'stripe'",
        ),
        (
            'id = "shop"\nversion = "2020-01-01"\nsecret_keys = ["a"]',
            "merchants[1]: version must be 2022-11-16 or 2024-06-01, not '2020-01-01'",
        ),
        (
            'id = "shop"\nsecret_key = ["a"]',
            "merchants[1]: secret_key is not a setting of a merchant; did you mean secret_keys?",
        ),
        ('id = "kiosk"\nsecret_keys = ["a"]', "merchants: the id kiosk is given twice"),
    ],
)
def test_a_merchant_that_will_not_do_is_refused_in_one_line(merchants_of, text: str, line: str):
    with pytest.raises(SettingsError) as refused:
        merchants_of("[[merchants]]\n" + text)
    assert str(refused.value) == line


def test_merchants_must_be_tables(merchants_of):
    with pytest.raises(SettingsError, match=r"each begun by the line \[\[merchants\]\]"):
        merchants_of('merchants = ["shop"]')
