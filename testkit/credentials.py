"""The Authorization header, right and in every way wrong."""

import base64
from collections.abc import Callable


def encoded(text: str | bytes) -> str:
    """Return the Base64 of `text`."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def basic(secret_key: str, password: str = "") -> str:
    """Return the header of HTTP Basic: the secret key as user name, nothing as password."""
    return f"Basic {encoded(f'{secret_key}:{password}')}"


HEADERS: dict[str, Callable[[str], str | None]] = {
    "no credentials": lambda key: None,
    "a wrong secret key": lambda key: basic("test_sk_wrong"),
    "an empty secret key": lambda key: basic(""),
    "the secret key in capitals": lambda key: basic(key.upper()),
    "the secret key and one letter more": lambda key: basic(key + "x"),
    "the secret key and one letter less": lambda key: basic(key[:-1]),
    "the secret key and a password": lambda key: basic(key, "password"),
    "the secret key as the password": lambda key: basic("", key),
    "the secret key without its colon": lambda key: f"Basic {encoded(key)}",
    "the secret key not encoded": lambda key: f"Basic {key}:",
    "the secret key under the Bearer scheme": lambda key: f"Bearer {encoded(f'{key}:')}",
    "the secret key under the basic scheme": lambda key: f"basic {encoded(f'{key}:')}",
    "the Basic scheme and nothing else": lambda key: "Basic",
    "Base64 that is cut short": lambda key: basic(key).rstrip("=")[:-1],
    "Base64 of bytes that are no text": lambda key: "Basic " + encoded(b"\xff\xfe:"),
}
"""Credentials as a feature names them, each made from the merchant's right secret key."""
