"""The headers of a webhook: what the real ones have, and nothing more."""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from payments_mock._version import __version__
from payments_mock.domain.events import SIGNED_EVENTS
from payments_mock.domain.korea import KOREA
from payments_mock.storage.webhook_deliveries import Delivery

_PREFIX = "tosspayments-webhook"


def webhook_headers(delivery: Delivery, now: datetime) -> dict[str, str]:
    """Return the headers of an attempt at `now`, on the sandbox's clock; source: the public reference.

    Only payout.changed and seller.changed are signed, where there is a security key.
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
    if delivery.event in SIGNED_EVENTS and delivery.security_key:
        headers[f"{_PREFIX}-signature"] = signature(delivery.body, sent_at, delivery.security_key)
    return headers


def signature(body: str, sent_at: str, security_key: str) -> str:
    """Return the signature of a body: HMAC-SHA256 over it and the time of transmission, twice.

    The real header has two signatures, of which a receiver must find one right.
    """
    digest = hmac.new(security_key.encode(), f"{body}:{sent_at}".encode(), sha256).digest()
    signed = f"v1:{b64encode(digest).decode()}"
    return f"{signed},{signed}"
