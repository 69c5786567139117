"""The text that a server prints when it is up: its address, its keys, and lines to try."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import make_url

from payments_mock._version import __version__
from payments_mock.api.catalogue import ENGLISH, KOREAN
from payments_mock.domain.sandboxes import family_of
from payments_mock.merchant_settings import MerchantSettings, masked
from payments_mock.settings import BUILT_IN_MERCHANTS, Settings

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {
        "about": "a stand-in for Toss Payments; no money moves",
        "page": "Page",
        "page_hint": "keys and first steps, in a browser",
        "docs": "Docs",
        "data": "Data",
        "kept": "kept in {place}",
        "temporary": "temporary, removed at exit (--data FILE keeps it)",
        "keys": "Keys",
        "client": "client {key}",
        "merchant": "{contract} contract, merchant {id}",
        "any": "any other test_sk_ or test_gsk_ key  (toss contract, a sandbox of its own)",
        "webhooks": "Webhooks",
        "try": "Try it: create a payment, and approve it",
        "stop": "Stop with Ctrl-C.",
    },
    KOREAN: {
        "about": "토스페이먼츠 목(mock) 서버입니다. 실제 돈은 오가지 않습니다.",
        "page": "첫 화면",
        "page_hint": "브라우저로 열면 키와 예제가 나옵니다",
        "docs": "API 문서",
        "data": "데이터",
        "kept": "{place}에 저장합니다",
        "temporary": "서버를 끄면 사라집니다 (남기려면 --data FILE)",
        "keys": "키",
        "client": "클라이언트 키 {key}",
        "merchant": "{contract} API, 가맹점 {id}",
        "any": "다른 test_sk_, test_gsk_ 키  (toss API, 키마다 전용 샌드박스)",
        "webhooks": "웹훅",
        "try": "바로 해 보기: 결제를 만들고 승인합니다",
        "stop": "멈추려면 Ctrl-C를 누르세요.",
    },
}
_WIDTH: Final = 8
"""The width of a title in columns."""


def terminal_language(environment: Mapping[str, str], encoding: str) -> str:
    """Return the language of a terminal: Korean where its locale says so and its encoding can write it."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    if not locale.startswith("ko"):
        return ENGLISH
    try:
        _WORDS[KOREAN]["about"].encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ENGLISH
    return KOREAN


def banner(settings: Settings, base_url: str, language: str = ENGLISH, secure: str = "") -> str:
    """Return the text to print when the server listens at `base_url`; keys that may be real are masked.

    `secure` says where HTTPS is answered, and whom to trust there.

    The title `Base URL` is the same in every language, for programs that look for the address.
    """
    words = _WORDS[language]
    keys = list(_keys(settings, words))
    lines = [
        f"payments-mock {__version__}: {words['about']}",
        "",
        _titled("Base URL", base_url),
        *([_titled("HTTPS", secure)] if secure else []),
        _titled(words["page"], f"{base_url}/  ({words['page_hint']})"),
        _titled(words["docs"], f"{base_url}/docs"),
        _titled(words["data"], _where_data_is(settings, words)),
        _titled(words["keys"], keys[0]),
        *(_titled("", line) for line in keys[1:]),
        *([_titled(words["webhooks"], _shown_url(settings.webhook_url))] if settings.webhook_url else []),
        "",
        f"  {words['try']}",
        *(f"  {line}" for line in example_request(base_url).splitlines()),
        "",
        f"  {words['stop']}",
    ]
    return "\n".join(lines)


def example_request(base_url: str) -> str:
    """Return two shell lines that create and approve a payment, and that can be pasted repeatedly."""
    [key] = BUILT_IN_MERCHANTS[0].secret_keys
    body = '{"paymentKey":"pay_123","orderId":"order_123","amount":10000}'
    return "\n".join(
        f"curl -w '\\n' \"{base_url}/v1/payments{path}\" -u {key}: "
        f"-H \"Content-Type: application/json\" -d '{body}'"
        for path in ("", "/confirm")
    )


def _titled(title: str, text: str) -> str:
    """Return a line that begins with a title; a sign of Korean is two columns wide."""
    wide = sum(unicodedata.east_asian_width(sign) == "W" for sign in title)
    return f"  {title}{' ' * (_WIDTH - len(title) - wide)}  {text}"


def _shown_url(url: str) -> str:
    """Return a URL without the name and password that may stand in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _where_data_is(settings: Settings, words: Mapping[str, str]) -> str:
    if settings.data is not None:
        return words["kept"].format(place=settings.data)
    if settings.database_url is not None:
        return words["kept"].format(place=_without_secrets(settings.database_url))
    return words["temporary"]


def _without_secrets(database_url: str) -> str:
    """Return the URL with its password masked; the query part can hold one too, and is left out."""
    return make_url(database_url).set(query={}).render_as_string(hide_password=True)


def _keys(settings: Settings, words: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each secret key, with the client key of its pair; then one for any other key."""
    for merchant in settings.merchants:
        whose = words["merchant"].format(contract=merchant.contract, id=merchant.id)
        for shown in _pairs(merchant, words["client"]):
            yield f"{shown}  ({whose})"
    if settings.open:
        yield words["any"]


def _pairs(merchant: MerchantSettings, client: str) -> Iterator[str]:
    unpaired = list(merchant.client_keys)
    for secret in merchant.secret_keys:
        mine = next((key for key in unpaired if family_of(key) == family_of(secret)), None)
        if mine is None:
            yield masked(secret)
        else:
            unpaired.remove(mine)
            yield f"{masked(secret)}, {client.format(key=masked(mine))}"
    for key in unpaired:
        yield client.format(key=masked(key))
