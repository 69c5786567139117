"""Send one webhook: its address, its headers, and what the merchant answered."""

from __future__ import annotations

import hmac
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from payments_mock._version import __version__
from payments_mock.domain.values import KOREA, immutable
from payments_mock.domain.webhooks import SIGNED_EVENTS, read_targets
from payments_mock.services.webhooks.deliveries import WebhookError
from payments_mock.storage.webhooks.deliveries import Delivery
from payments_mock.webhooks.exchange import (
    LONGEST_HEAD_BYTES,
    Answer,
    Deadline,
    TooLongError,
    WebhookExchange,
)

if TYPE_CHECKING:
    from requests import PreparedRequest


class TargetError(WebhookError):
    """A URL that no webhook may be sent to."""


def check_target(url: str, allowed: str) -> None:
    """Refuse a URL that is not one of those `allowed`, as the setting `webhook_targets` says it.

    Private and loopback addresses are where merchants' tests listen, so they are as good as others.

    Raises:
        TargetError: it is not http or https, has no host, or its host is not allowed.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TargetError("url must be an address such as http://localhost:8080/webhooks") from None
    # Clients differ about the host of an address with a backslash.
    if parts.scheme not in ("http", "https") or not host or "\\" in url:
        raise TargetError("url must begin with http:// or https:// and name a host")
    if not read_targets(allowed).allow(parts.scheme, host, port):
        raise TargetError(f"url: the setting webhook_targets ({allowed}) lets no webhook go to {host}")


TIMEOUT_SECONDS = 10.0
"""How long the merchant has to answer; source: the public reference."""

LONGEST_REASON = 200


@immutable
class Outcome:
    """The outcome of a post: the merchant's answer, or why there was none in time."""

    headers: Mapping[str, str]
    milliseconds: int
    status: int | None = None
    answer_headers: Mapping[str, str] | None = None
    answer_body: str | None = None
    error: str | None = None

    @property
    def taken_status(self) -> int | None:
        """The status, if the merchant answered in time."""
        return None if self.error else self.status


def post(
    url: str, body: str, headers: Mapping[str, str], allowed: str, seconds: float = TIMEOUT_SECONDS
) -> Outcome:
    """Post a body to where webhooks are allowed to go; no proxy is used and no redirect followed.

    An answer that is not complete after so many `seconds` is none, whatever took the time. No text of the
    outcome holds NUL, which databases refuse.
    """
    # The import takes a tenth of a second, which servers without webhooks shall not pay.
    import requests
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    began = time.monotonic()
    sent: Mapping[str, str] = headers
    answer: Answer | None = None
    content: str | None = None
    error: str | None = None
    try:
        prepared = _prepare(requests.Request("POST", url, dict(headers), data=body.encode()).prepare())
        # Check the address that will really be called, not its spelling.
        check_target(str(prepared.url), allowed)
        sent = dict(prepared.headers)
        with WebhookExchange(
            str(prepared.url), Deadline(began + seconds), DEFAULT_CA_BUNDLE_PATH
        ) as exchange:
            answer = exchange.post(prepared.path_url, sent, body.encode())
            content = _plain(answer.read().decode(errors="replace"))
    except (WebhookError, TooLongError, HTTPException, OSError, ValueError) as failure:
        error = _plain(_reason(failure, seconds))[:LONGEST_REASON]
    milliseconds = round((time.monotonic() - began) * 1000)
    if answer is None:
        return Outcome(sent, milliseconds, error=error)
    kept = {_plain(name): _plain(value) for name, value in answer.headers.items()}
    return Outcome(sent, milliseconds, answer.status, kept, content, error)


def _prepare(prepared: PreparedRequest) -> PreparedRequest:
    prepared.headers["Host"] = urlsplit(str(prepared.url)).netloc.rpartition("@")[2]
    return prepared


def _plain(text: str) -> str:
    return text.replace("\0", "")


def _reason(failure: Exception, seconds: float) -> str:
    """Return why there was no answer, in a few words."""
    if isinstance(failure, TimeoutError):
        return f"no answer within {seconds:g} seconds"
    if isinstance(failure, TooLongError):
        return f"the head of the answer is longer than {LONGEST_HEAD_BYTES} bytes"
    # An address that can't be called is refused as an OSError too, by the library that reads it.
    if isinstance(failure, OSError) and not isinstance(failure, ValueError):
        return f"no connection: {failure.strerror or failure or failure.__class__.__name__}"
    return f"{failure.__class__.__name__}: {failure}"


_PREFIX = "tosspayments-webhook"
_RETIRED = " retired"
"""Appended to a security key to make the key of the wrong signature."""


def webhook_headers(delivery: Delivery, now: datetime) -> dict[str, str]:
    """Return the headers of an attempt at `now`, on the sandbox's clock; source: the public reference.

    Only payout.changed and seller.changed are signed, where there is a security key. `traceparent` is there
    where the call that caused the event had it.
    """
    sent_at = now.astimezone(KOREA).isoformat(timespec="seconds")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"payments-mock/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        f"{_PREFIX}-transmission-time": sent_at,
        f"{_PREFIX}-transmission-retried-count": str(delivery.attempts),
        f"{_PREFIX}-transmission-id": delivery.transmission_id,
    }
    if delivery.traceparent is not None:
        headers["traceparent"] = delivery.traceparent
    if delivery.event in SIGNED_EVENTS and delivery.security_key:
        headers[f"{_PREFIX}-signature"] = signature(
            delivery.body, sent_at, delivery.security_key, delivery.attempts
        )
    return headers


def signature(body: str, sent_at: str, security_key: str, attempts: int = 0) -> str:
    """Return the signatures of a body: HMAC-SHA256 over it and the time of transmission, by two keys.

    The real header has two signatures, of which a receiver must find one right: it stands second in a first
    attempt, first in the next one, and so on.
    """
    right, other = (
        f"v1:{b64encode(hmac.new(key.encode(), f'{body}:{sent_at}'.encode(), sha256).digest()).decode()}"
        for key in (security_key, f"{security_key}{_RETIRED}")
    )
    return f"{other},{right}" if attempts % 2 == 0 else f"{right},{other}"
