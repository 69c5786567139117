"""Easy pay providers: wallets that pay with a card, an account or their own points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EasyPayProvider:
    """A wallet; the Korean name is the default on the wire, the English one its translation.

    Source: the public reference of Toss Payments, "easy pay provider codes".
    """

    korean_name: str
    english_name: str


EASY_PAY_PROVIDERS = (
    EasyPayProvider("토스페이", "TOSSPAY"),
    EasyPayProvider("네이버페이", "NAVERPAY"),
    EasyPayProvider("삼성페이", "SAMSUNGPAY"),
    EasyPayProvider("애플페이", "APPLEPAY"),
    EasyPayProvider("엘페이", "LPAY"),
    EasyPayProvider("카카오페이", "KAKAOPAY"),
    EasyPayProvider("핀페이", "PINPAY"),
    EasyPayProvider("페이코", "PAYCO"),
    EasyPayProvider("SSG페이", "SSG"),
)
"""Every provider of the reference."""

_BY_NAME = {
    name: provider
    for provider in EASY_PAY_PROVIDERS
    for name in (provider.korean_name, provider.english_name)
}

EASY_PAY_NAMES = tuple(_BY_NAME)
"""Every name that `find_easy_pay_provider` knows."""


def find_easy_pay_provider(name: str) -> EasyPayProvider | None:
    """Return the provider of a Korean or English name, or None where there is none."""
    return _BY_NAME.get(name)
