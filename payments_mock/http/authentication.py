"""Authentication: credentials, the owner of a key, and calls from pages of other origins."""

import binascii
from base64 import b64decode
from functools import lru_cache

from flask import Request, Response

from payments_mock.api.errors import (
    ClientKeyError,
    ColonMissingError,
    CredentialsMalformedError,
    CredentialsMissingError,
    UnknownKeyError,
)
from payments_mock.domain.sandboxes import KeyKind, KeyOwner
from payments_mock.services import context, sandboxes
from payments_mock.services.context import Database


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
        text = encoded.strip()
        # Clients that cut the padding off are answered, too.
        return b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (ValueError, binascii.Error):
        raise CredentialsMalformedError(
            "the Authorization header must be Basic base64('<secret key>:')"
        ) from None


def find_key_owner(database: Database, credentials: str, *, is_open: bool) -> KeyOwner | None:
    """Find the owner of the key before the colon, or of the whole text if there is no colon.

    If the server `is_open`, an unknown test key gets a sandbox, and is known from then on.
    """
    key = _key(credentials)
    return _opened(database, key, context.find_key_owner(database, key), is_open)


def recall_key_owner(
    database: Database, credentials: str, *, is_open: bool
) -> tuple[KeyOwner | None, Database]:
    """Return the cached owner of a key, and the database with the statement that checks it."""
    key = _key(credentials)
    owner, check = context.recall_key_owner(database, key)
    return _opened(database, key, owner, is_open), database.checking(check)


def _key(credentials: str) -> str:
    return credentials.partition(":")[0]


def _opened(database: Database, key: str, owner: KeyOwner | None, is_open: bool) -> KeyOwner | None:
    return sandboxes.open_sandbox(database, key) if owner is None and is_open else owner


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


METHODS = "POST, GET, OPTIONS, DELETE"
HEADERS = "Authorization, Content-Type, Accept, Accept-Language, Idempotency-Key, TossPayments-Test-Code"
SECONDS_KEPT = 3600


def is_preflight(asked: Request) -> bool:
    """Tell whether this is a browser's preflight request."""
    return asked.method == "OPTIONS" and "Access-Control-Request-Method" in asked.headers


def answer_preflight(asked: Request) -> Response:
    """Answer a browser's preflight request."""
    response = allow_origin(Response(status=204), asked)
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = HEADERS
    response.headers["Access-Control-Max-Age"] = str(SECONDS_KEPT)
    return response


def allow_origin(response: Response, asked: Request) -> Response:
    """Let the calling page read the answer."""
    origin = asked.environ.get("HTTP_ORIGIN")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
    return response
