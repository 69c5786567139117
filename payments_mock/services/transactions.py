"""The transaction that a use case runs in."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from payments_mock.domain.errors import PaymentError
from payments_mock.storage.engine.database import Database

__all__ = ["Database", "in_transaction"]

Result = TypeVar("Result")


def in_transaction(database: Database, use_case: Callable[[Connection], Result]) -> Result:
    """Run a use case in a transaction of its own, and commit what it did.

    A refusal is an outcome, too. Rules are judged before anything is written, so a use case that refuses has
    changed nothing but what was due before: a payment whose time ran out stays expired. Any other error
    undoes everything.

    Raises:
        PaymentError: what the use case raises.
    """
    with database.transaction() as connection:
        try:
            return use_case(connection)
        except PaymentError as error:
            refusal = error
    raise refusal
