import pytest

from payments_mock.domain.institutions import BANKS, SECURITIES_FIRMS, find_bank, find_virtual_account_bank


@pytest.mark.parametrize("name", ["06", "004", "국민", "KOOKMIN"])
def test_a_bank_is_found_by_either_code_and_by_either_name(name: str) -> None:
    bank = find_bank(name)

    assert bank is not None
    assert (bank.code, bank.national_code, bank.english_name) == ("06", "004", "KOOKMIN")


@pytest.mark.parametrize("name", ["ST", "271", "토스증권", "TOSS_SECURITIES"])
def test_a_securities_firm_is_found_like_a_bank(name: str) -> None:
    firm = find_bank(name)

    assert firm is not None
    assert firm.code == "ST"


@pytest.mark.parametrize("name", ["00", "", "kookmin", "국민카드"])
def test_an_unknown_bank_is_none(name: str) -> None:
    assert find_bank(name) is None


def test_no_two_banks_share_a_code_or_a_name() -> None:
    everyone = (*BANKS, *SECURITIES_FIRMS)
    names = [
        name
        for bank in everyone
        for name in {bank.code, bank.national_code, bank.korean_name, bank.english_name}
    ]

    assert len(set(names)) == len(names)


def test_codes_have_two_characters_and_national_codes_three_digits() -> None:
    everyone = (*BANKS, *SECURITIES_FIRMS)

    assert {len(bank.code) for bank in everyone} == {2}
    assert all(len(bank.national_code) == 3 and bank.national_code.isdigit() for bank in everyone)


def test_a_virtual_account_bank_is_found_by_name() -> None:
    bank = find_virtual_account_bank("신한")

    assert bank is not None
    assert bank.code == "88"


@pytest.mark.parametrize("name", ["90", "TOSSBANK", "토스증권", "nowhere"])
def test_a_bank_without_virtual_accounts_is_none_among_those_that_have_them(name: str) -> None:
    assert find_virtual_account_bank(name) is None


def test_thirteen_banks_offer_virtual_accounts() -> None:
    codes = {bank.code for bank in BANKS if bank.has_virtual_accounts}

    assert codes == {"39", "34", "32", "45", "88", "20", "71", "81", "03", "06", "31", "11", "07"}
