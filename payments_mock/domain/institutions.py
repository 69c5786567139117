"""Banks and card issuers, by code and by name."""

from payments_mock.domain.values import immutable


@immutable
class Bank:
    """A bank or securities firm.

    `code` has two characters and is the one the wire carries; `national_code` is the three-digit
    code of Korea's payment network. Source: the public reference of Toss Payments, "bank codes" and
    "securities firm codes".
    """

    code: str
    national_code: str
    korean_name: str
    english_name: str
    has_virtual_accounts: bool = False


BANKS = (
    Bank("39", "039", "경남", "KYONGNAMBANK", has_virtual_accounts=True),
    Bank("34", "034", "광주", "GWANGJUBANK", has_virtual_accounts=True),
    Bank("12", "012", "단위농협", "LOCALNONGHYEOP"),
    Bank("32", "032", "부산", "BUSANBANK", has_virtual_accounts=True),
    Bank("45", "045", "새마을", "SAEMAUL", has_virtual_accounts=True),
    Bank("64", "064", "산림", "SANLIM"),
    Bank("88", "088", "신한", "SHINHAN", has_virtual_accounts=True),
    Bank("48", "048", "신협", "SHINHYEOP"),
    Bank("27", "027", "씨티", "CITI"),
    Bank("20", "020", "우리", "WOORI", has_virtual_accounts=True),
    Bank("71", "071", "우체국", "POST", has_virtual_accounts=True),
    Bank("50", "050", "저축", "SAVINGBANK"),
    Bank("37", "037", "전북", "JEONBUKBANK"),
    Bank("35", "035", "제주", "JEJUBANK"),
    Bank("90", "090", "카카오", "KAKAOBANK"),
    Bank("89", "089", "케이", "KBANK"),
    Bank("92", "092", "토스", "TOSSBANK"),
    Bank("81", "081", "하나", "HANA", has_virtual_accounts=True),
    Bank("54", "054", "홍콩상하이", "HSBC"),
    Bank("60", "060", "뱅크오브아메리카", "BOA"),
    Bank("03", "003", "기업", "IBK", has_virtual_accounts=True),
    Bank("06", "004", "국민", "KOOKMIN", has_virtual_accounts=True),
    Bank("31", "031", "대구", "DAEGUBANK", has_virtual_accounts=True),
    Bank("02", "002", "산업", "KDBBANK"),
    Bank("11", "011", "농협", "NONGHYEOP", has_virtual_accounts=True),
    Bank("23", "023", "SC제일", "SC"),
    Bank("07", "007", "수협", "SUHYEOP", has_virtual_accounts=True),
    Bank("30", "030", "수협중앙회", "SUHYEOPLOCALBANK"),
)
"""Every bank of the reference."""

SECURITIES_FIRMS = (
    Bank("S8", "261", "교보증권", "KYOBO_SECURITIES"),
    Bank("SE", "267", "대신증권", "DAISHIN_SECURITIES"),
    Bank("SK", "287", "메리츠증권", "MERITZ_SECURITIES"),
    Bank("S5", "238", "미래에셋증권", "MIRAE_ASSET_SECURITIES"),
    Bank("SM", "290", "부국", "BOOKOOK_SECURITIES"),
    Bank("S3", "240", "삼성증권", "SAMSUNG_SECURITIES"),
    Bank("SN", "291", "신영증권", "SHINYOUNG_SECURITIES"),
    Bank("S2", "278", "신한금융투자", "SHINHAN_SECURITIES"),
    # The reference spells this firm's English name so.
    Bank("S0", "209", "유안타증권", "YUANTA_SECURITES"),
    Bank("SJ", "280", "유진투자증권", "EUGENE_INVESTMENT_AND_SECURITIES"),
    Bank("SQ", "288", "카카오페이증권", "KAKAOPAY_SECURITIES"),
    Bank("SB", "264", "키움증권", "KIWOOM"),
    Bank("ST", "271", "토스증권", "TOSS_SECURITIES"),
    Bank("SR", "294", "펀드온라인코리아", "KOREA_FOSS_SECURITIES"),
    Bank("SH", "270", "하나금융투자", "HANA_INVESTMENT_AND_SECURITIES"),
    Bank("S9", "262", "하이투자증권", "HI_INVESTMENT_AND_SECURITIES"),
    Bank("S6", "243", "한국투자증권", "KOREA_INVESTMENT_AND_SECURITIES"),
    Bank("SG", "269", "한화투자증권", "HANHWA_INVESTMENT_AND_SECURITIES"),
    Bank("SA", "263", "현대차증권", "HYUNDAI_MOTOR_SECURITIES"),
    Bank("SI", "279", "DB금융투자", "DB_INVESTMENT_AND_SECURITIES"),
    Bank("S4", "218", "KB증권", "KB_SECURITIES"),
    Bank("SP", "227", "KTB투자증권", "DAOL_INVESTMENT_AND_SECURITIES"),
    Bank("SO", "292", "LIG투자", "LIG_INVESTMENT_AND_SECURITIES"),
    Bank("SL", "247", "NH투자증권", "NH_INVESTMENT_AND_SECURITIES"),
    Bank("SD", "266", "SK증권", "SK_SECURITIES"),
)
"""Every securities firm of the reference; refunds may go to an account there."""

_BY_NAME = {
    name: bank
    for bank in (*BANKS, *SECURITIES_FIRMS)
    for name in (bank.code, bank.national_code, bank.korean_name, bank.english_name)
}

BANK_NAMES = tuple(_BY_NAME)
"""Every name that `find_bank` knows."""

VIRTUAL_ACCOUNT_BANK_NAMES = tuple(name for name, bank in _BY_NAME.items() if bank.has_virtual_accounts)
"""Every name that `find_virtual_account_bank` knows."""


def find_bank(name: str) -> Bank | None:
    """Return the bank or firm of a code (either kind), Korean name or English name, or None."""
    return _BY_NAME.get(name)


def find_virtual_account_bank(name: str) -> Bank | None:
    """Return the bank that `find_bank` finds if it offers virtual accounts, else None."""
    bank = find_bank(name)
    return bank if bank is not None and bank.has_virtual_accounts else None


@immutable
class CardIssuer:
    """A company that issues cards, acquires card sales, or does both.

    Source: the public reference of Toss Payments, "card company codes".
    """

    code: str
    korean_name: str
    english_name: str
    is_overseas: bool = False


CARD_ISSUERS = (
    CardIssuer("3K", "기업비씨", "IBK_BC"),
    CardIssuer("46", "광주", "GWANGJUBANK"),
    CardIssuer("71", "롯데", "LOTTE"),
    CardIssuer("30", "산업", "KDBBANK"),
    CardIssuer("31", "비씨", "BC"),
    CardIssuer("51", "삼성", "SAMSUNG"),
    CardIssuer("38", "새마을", "SAEMAUL"),
    CardIssuer("41", "신한", "SHINHAN"),
    CardIssuer("62", "신협", "SHINHYEOP"),
    CardIssuer("36", "씨티", "CITI"),
    CardIssuer("33", "우리", "WOORI"),
    CardIssuer("W1", "우리", "WOORI"),
    CardIssuer("37", "우체국", "POST"),
    CardIssuer("39", "저축", "SAVINGBANK"),
    CardIssuer("35", "전북", "JEONBUKBANK"),
    CardIssuer("42", "제주", "JEJUBANK"),
    CardIssuer("15", "카카오뱅크", "KAKAOBANK"),
    CardIssuer("3A", "케이뱅크", "KBANK"),
    CardIssuer("24", "토스뱅크", "TOSSBANK"),
    CardIssuer("21", "하나", "HANA"),
    CardIssuer("61", "현대", "HYUNDAI"),
    CardIssuer("11", "국민", "KOOKMIN"),
    CardIssuer("91", "농협", "NONGHYEOP"),
    CardIssuer("34", "수협", "SUHYEOP"),
    CardIssuer("6D", "다이너스", "DINERS", is_overseas=True),
    CardIssuer("6I", "디스커버", "DISCOVER", is_overseas=True),
    CardIssuer("4M", "마스터", "MASTER", is_overseas=True),
    CardIssuer("3C", "유니온페이", "UNIONPAY", is_overseas=True),
    CardIssuer("7A", "아멕스", "AMEX", is_overseas=True),
    CardIssuer("4J", "JCB", "JCB", is_overseas=True),
    CardIssuer("4V", "비자", "VISA", is_overseas=True),
)
"""Every issuer of the reference; Woori has two codes, one for cards that BC acquires and its own."""

_ISSUERS_BY_NAME = {
    name: issuer for issuer in CARD_ISSUERS for name in (issuer.code, issuer.korean_name, issuer.english_name)
}

ISSUER_NAMES = tuple(_ISSUERS_BY_NAME)
"""Every name that `find_issuer` knows."""


def find_issuer(name: str) -> CardIssuer | None:
    """Return the issuer of a code, Korean name or English name, or None where there is none.

    Both codes of Woori carry its name; the name means `W1`, the cards it acquires itself.
    """
    return _ISSUERS_BY_NAME.get(name)
