"""Names that the control API takes: of operations, of codes of errors, of headers."""

from collections.abc import Collection

from flask import current_app
from marshmallow import ValidationError, fields, validate

from payments_mock.contracts.toss.catalogue import catalogue
from payments_mock.contracts.toss.schemas.values import Text
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
    said = {"description": "One of the sandbox's contract.", "example": "confirm"}
    return fields.String(metadata={**said, "choices": _operation_names})


def headers_field() -> fields.Dict:
    """Make the field of headers by name."""
    return fields.Dict(
        keys=Text(100),
        values=Text(1000, shortest=0),
        validate=validate.Length(max=20),
        metadata={"description": "By names of 1 to 100 characters."},
    )


def _operation_names() -> list[str]:
    contracts = contracts_of(current_app).values()
    return sorted({operation.name for contract in contracts for operation in contract.operations})
