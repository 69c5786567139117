"""Whose keys were looked up already, remembered by a process that alone has the database.

Every call begins with this look-up, and hardly any call changes its answer.
"""

from typing import Any, Final

from flask import Flask, current_app
from sqlalchemy import Connection, Delete, Insert, Update, event

from payments_mock.domain.sandboxes import KeyOwner
from payments_mock.storage.engine.database import at_end_of_transaction, db, reading
from payments_mock.storage.sandboxes import find_owner_by_digest, key_digest
from payments_mock.storage.tables import api_keys, merchants

_EXTENSION: Final = "payments_mock.known_owners"


class KnownOwners:
    """Owners by the digests of their keys, until anything changes about any merchant."""

    def __init__(self) -> None:
        self._owners: dict[str, KeyOwner] = {}

    def find(self, digest: str) -> KeyOwner | None:
        """Find the owner of a key, in the database if need be."""
        # What is looked up now may be outdated before it is remembered; then it goes where nobody looks.
        owners = self._owners
        owner = owners.get(digest)
        if owner is None:
            with reading() as connection:
                owner = find_owner_by_digest(connection, digest)
            if owner is not None:
                owners[digest] = owner
        return owner

    def forget(self) -> None:
        """Forget them all."""
        self._owners = {}


def remember_owners(app: Flask) -> None:
    """Have this process remember whose keys it has looked up; no other may change the database."""
    known = app.extensions[_EXTENSION] = KnownOwners()

    def mark(connection: Connection, statement: Any, *_arguments: object) -> None:
        if isinstance(statement, Insert | Update | Delete) and statement.table in (merchants, api_keys):
            at_end_of_transaction(connection, known.forget)

    with app.app_context():
        event.listen(db.engine, "before_execute", mark)


def find_owner(key: str) -> KeyOwner | None:
    """Find who a key belongs to, in a time that tells nothing about the keys that exist."""
    digest = key_digest(key)
    known: KnownOwners | None = current_app.extensions.get(_EXTENSION)
    if known is not None:
        return known.find(digest)
    with reading() as connection:
        return find_owner_by_digest(connection, digest)
