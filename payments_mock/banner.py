"""What a server says when it is up: where it is, which keys it knows, and a line to try."""

import base64

from sqlalchemy import make_url

from payments_mock._version import __version__
from payments_mock.merchant_settings import MerchantSettings, masked
from payments_mock.settings import BUILT_IN_MERCHANTS, Settings

_ANY_TEST_KEY = "            any other test_sk_ or test_gsk_ key  (toss contract, a sandbox of its own)"


def banner(settings: Settings, base_url: str) -> str:
    """Return the text to print when the server listens at `base_url`; keys that may be real are masked."""
    lines = [
        f"payments-mock {__version__}: a stand-in for Toss Payments; no money moves",
        "토스페이먼츠를 흉내 내는 결제 테스트 서버입니다. 실제 결제는 일어나지 않습니다.",
        "",
        f"  Base URL  {base_url}",
        f"  Docs      {base_url}/docs",
        f"  Data      {_where_data_is(settings)}",
        *_keys(settings.merchants),
        *([_ANY_TEST_KEY] if settings.open else []),
        "",
        "  Try it:",
        f"  {example_request(base_url)}",
        "",
        "  Stop with Ctrl-C.",
    ]
    return "\n".join(lines)


def example_request(base_url: str) -> str:
    """Return a line for a shell that creates a payment with the key that is always there."""
    [key] = BUILT_IN_MERCHANTS[0].secret_keys
    credentials = base64.b64encode(f"{key}:".encode()).decode()
    body = '{"paymentKey":"pay_123","orderId":"order_123","amount":10000}'
    return (
        f'curl -X POST "{base_url}/v1/payments" -H "Authorization: Basic {credentials}" '
        f"-H \"Content-Type: application/json\" -d '{body}'"
    )


def _where_data_is(settings: Settings) -> str:
    if settings.data is not None:
        return f"kept in {settings.data}"
    if settings.database_url is not None:
        return f"kept in {_without_secrets(settings.database_url)}"
    return "temporary, removed at exit (--data FILE keeps it)"


def _without_secrets(database_url: str) -> str:
    """Return the URL with its password masked; the query part can hold one too, and is left out."""
    return make_url(database_url).set(query={}).render_as_string(hide_password=True)


def _keys(merchants: tuple[MerchantSettings, ...]) -> list[str]:
    """Return a line for each secret key; the first one has the title."""
    lines = [
        f"{masked(key)}  ({merchant.contract} contract, merchant {merchant.id})"
        for merchant in merchants
        for key in merchant.secret_keys
    ]
    return [f"  {'Keys' if number == 0 else '':8}  {line}" for number, line in enumerate(lines)]
