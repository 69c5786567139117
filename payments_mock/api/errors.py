"""Errors of a call that no use case raises, the outage of the database among them.

CallError
    AuthenticationError
        CredentialsMissingError
        CredentialsMalformedError
        ColonMissingError
        UnknownKeyError
        ClientKeyError
    UnknownPathError
    WrongMethodError
    WrongContentTypeError
    BodyTooLargeError
    BrokenBodyError
    InvalidFieldsError
    UnknownTestCodeError
    InvalidIdempotencyKeyError
    IdempotentRequestProcessingError

A `DatabaseUnavailableError` stands apart: nothing is wrong with the call then.

Each contract maps them, with the errors of the domain, in its own table.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from payments_mock.domain.errors import Reason

Row = TypeVar("Row")


class CallError(Exception):
    """A call that can't be understood, or is not allowed; no payment was looked at."""


def reason_of(error: Exception) -> Reason:
    """Return why a call is refused: the tester's reason if the error has one, else its message."""
    reason: Reason | None = getattr(error, "reason", None)
    return reason or Reason(str(error))


class AuthenticationError(CallError):
    """The caller is not known."""


class CredentialsMissingError(AuthenticationError):
    """There is no Authorization header."""


class CredentialsMalformedError(AuthenticationError):
    """The Authorization header is not Basic with base64 of `<secret key>:`."""


class ColonMissingError(AuthenticationError):
    """The base64 text holds a key without the colon behind it."""


class UnknownKeyError(AuthenticationError):
    """No merchant has this key."""


class ClientKeyError(AuthenticationError):
    """A client key came where a secret key belongs."""


class UnknownPathError(CallError):
    """The contract has no such path; `reason` tells if another contract has it."""

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class WrongMethodError(CallError):
    """The path takes other methods, which `allowed` names."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.allowed = sorted(allowed)
        super().__init__(f"{method} is not possible here; use {' or '.join(self.allowed)}")


class WrongContentTypeError(CallError):
    """The body is not declared to be JSON."""


class BodyTooLargeError(CallError):
    """The body is longer than the limit."""


class BrokenBodyError(CallError):
    """The body is not a JSON object."""


class InvalidFieldsError(CallError):
    """Fields of the body or the query are missing or wrong; `errors` says why, by field.

    `code` is the contract's own code for the first of them, where it has one.
    """

    def __init__(self, errors: Mapping[str, Any], code: str | None = None) -> None:
        self.errors = errors
        self.code = code
        super().__init__("; ".join(_lines(errors)))


class UnknownTestCodeError(CallError):
    """A test code was asked for that the contract does not have."""


class InvalidIdempotencyKeyError(CallError):
    """The Idempotency-Key header is too long."""


class IdempotentRequestProcessingError(CallError):
    """The first request with this idempotency key is not answered yet."""


class DatabaseUnavailableError(Exception):
    """The database is away, or takes no writes; as far as we know, the call changed nothing."""


def row_of(table: Mapping[type[Exception], Row], kind: type[Exception], owner: str) -> Row:
    """Return the row of a kind of error, or that of its nearest base class, in the table of an `owner`.

    Raises:
        LookupError: the table has neither.
    """
    for base in kind.__mro__:
        if base in table:
            return table[base]
    raise LookupError(f"{owner} has no answer for {kind.__name__}")


def _lines(errors: Mapping[Any, Any], within: str = "") -> Iterator[str]:
    """Say what is wrong, one line per field; a nested field is named by its path."""
    for field, why in errors.items():
        if isinstance(why, Mapping):
            yield from _lines(why, f"{within}{field}.")
        else:
            yield f"{within}{field}: {' '.join(map(str, why))}"
