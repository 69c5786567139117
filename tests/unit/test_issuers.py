import pytest

from payments_mock.domain.institutions import CARD_ISSUERS, find_issuer
from payments_mock.domain.payments.instruments import EASY_PAY_PROVIDERS, find_easy_pay_provider


@pytest.mark.parametrize("name", ["71", "롯데", "LOTTE"])
def test_an_issuer_is_found_by_code_korean_name_and_english_name(name: str) -> None:
    issuer = find_issuer(name)

    assert issuer is not None
    assert (issuer.code, issuer.korean_name, issuer.english_name) == ("71", "롯데", "LOTTE")


def test_an_unknown_issuer_is_none() -> None:
    assert find_issuer("99") is None


def test_every_issuer_code_is_unique_and_has_two_characters() -> None:
    codes = [issuer.code for issuer in CARD_ISSUERS]

    assert len(set(codes)) == len(codes)
    assert {len(code) for code in codes} == {2}


def test_every_issuer_is_found_by_its_own_code() -> None:
    assert [find_issuer(issuer.code) for issuer in CARD_ISSUERS] == list(CARD_ISSUERS)


@pytest.mark.parametrize("name", ["우리", "WOORI"])
def test_the_name_of_woori_means_the_cards_it_acquires_itself(name: str) -> None:
    issuer = find_issuer(name)

    assert issuer is not None
    assert issuer.code == "W1"


def test_no_other_two_issuers_share_a_name() -> None:
    others = [issuer for issuer in CARD_ISSUERS if issuer.english_name != "WOORI"]

    assert len({issuer.english_name for issuer in others}) == len(others)
    assert len({issuer.korean_name for issuer in others}) == len(others)


def test_overseas_brands_are_told_from_korean_issuers() -> None:
    overseas = {issuer.english_name for issuer in CARD_ISSUERS if issuer.is_overseas}

    assert overseas == {"DINERS", "DISCOVER", "MASTER", "UNIONPAY", "AMEX", "JCB", "VISA"}


@pytest.mark.parametrize("name", ["토스페이", "TOSSPAY"])
def test_an_easy_pay_provider_is_found_by_korean_and_english_name(name: str) -> None:
    provider = find_easy_pay_provider(name)

    assert provider is not None
    assert (provider.korean_name, provider.english_name) == ("토스페이", "TOSSPAY")


def test_an_unknown_easy_pay_provider_is_none() -> None:
    assert find_easy_pay_provider("NOPAY") is None


def test_every_easy_pay_provider_is_found_by_both_names() -> None:
    for provider in EASY_PAY_PROVIDERS:
        assert find_easy_pay_provider(provider.korean_name) is provider
        assert find_easy_pay_provider(provider.english_name) is provider
