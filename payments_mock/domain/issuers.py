"""Card issuers and acquirers: the codes a card payment names them by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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

_BY_NAME = {
    name: issuer for issuer in CARD_ISSUERS for name in (issuer.code, issuer.korean_name, issuer.english_name)
}

ISSUER_NAMES = tuple(_BY_NAME)
"""Every name that `find_issuer` knows."""


def find_issuer(name: str) -> CardIssuer | None:
    """Return the issuer of a code, Korean name or English name, or None where there is none.

    Both codes of Woori carry its name; the name means `W1`, the cards it acquires itself.
    """
    return _BY_NAME.get(name)
