"""Basic authentication with a secret key as the user name and an empty password."""

import binascii
from base64 import b64decode
from functools import lru_cache
from typing import Final

from flask import current_app

from payments_mock.domain.merchant import KeyKind, KeyOwner
from payments_mock.http.errors import (
    ClientKeyError,
    ColonMissingError,
    CredentialsMalformedError,
    CredentialsMissingError,
    UnknownKeyError,
)
from payments_mock.services.open_sandboxes import open_sandbox
from payments_mock.storage.known_owners import find_owner

OPEN: Final = "OPEN"
"""The configuration key of whether test keys that nobody knows get sandboxes."""


@lru_cache(maxsize=256)
def read_credentials(header: str | None) -> str:
    """Return the text inside an Authorization header; the scheme's case does not matter.

    Raises:
        CredentialsMissingError, CredentialsMalformedError: as named.
    """
    if not header:
        raise CredentialsMissingError("send Authorization: Basic base64('<secret key>:')")
    scheme, _, encoded = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        return b64decode(encoded.strip(), validate=True).decode()
    except (ValueError, binascii.Error):
        raise CredentialsMalformedError(
            "the Authorization header must be Basic base64('<secret key>:')"
        ) from None


def find_key_owner(credentials: str) -> KeyOwner | None:
    """Find whose key stands before the colon, or is the whole text where there is none.

    Where the server is open, a test key that nobody knows gets a sandbox, and is found from then on.
    """
    key = credentials.partition(":")[0]
    owner = find_owner(key)
    if owner is None and current_app.config[OPEN]:
        return open_sandbox(key)
    return owner


def check_credentials(credentials: str, owner: KeyOwner | None) -> KeyOwner:
    """Return the owner of a secret key that was sent as it should be.

    Raises:
        ColonMissingError, CredentialsMalformedError, UnknownKeyError, ClientKeyError: as named.
    """
    _, colon, password = credentials.partition(":")
    if not colon:
        raise ColonMissingError(
            "put a colon behind the secret key before encoding it: base64('<secret key>:')"
        )
    if password:
        raise CredentialsMalformedError("the password behind the colon must be empty")
    if owner is None:
        raise UnknownKeyError("no merchant has this secret key")
    if owner.kind is KeyKind.CLIENT:
        raise ClientKeyError("this is a client key; the API takes the secret key of its pair")
    return owner
