"""Names that the control API takes for what contracts have: their operations, and their codes of errors."""

from collections.abc import Collection

from flask import current_app
from marshmallow import ValidationError, fields, validate

from payments_mock.contracts.toss.catalogue import catalogue
from payments_mock.http.gateway import contracts_of


class KnownCode(validate.Validator):
    """Accepts a code of the catalogue of errors."""

    @property
    def choices(self) -> Collection[str]:
        """All of them, which the OpenAPI document shows."""
        return catalogue()

    def __call__(self, code: str) -> str:
        """Return the code if the catalogue has it.

        Raises:
            ValidationError: it has not.
        """
        if code not in self.choices:
            raise ValidationError("Must be a code of the catalogue of errors.")
        return code


def operation_name() -> fields.String:
    """Make the field of an operation's name; the sandbox's contract has it or not."""
    return fields.String(metadata={"example": "confirm", "choices": _operation_names})


def _operation_names() -> list[str]:
    contracts = contracts_of(current_app).values()
    return sorted({operation.name for contract in contracts for operation in contract.operations})
