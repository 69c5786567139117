"""Patterns of fields, written so that the readers of the OpenAPI document understand them too."""

from typing import Any, Final

from marshmallow import ValidationError, validate


class WholeText(validate.Regexp):
    r"""Accepts text that the pattern describes from its first character to its last.

    A `$` is enough for that here. In Python alone it would let a newline at the end pass, and Python's own
    `\Z` means another thing in JSON Schema, whose patterns are ECMAScript's.
    """

    def __call__(self, value: Any) -> Any:
        """Return the text if the pattern describes all of it.

        Raises:
            ValidationError: it does not.
        """
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


PRINTABLE: Final = WholeText(r"^[^\x00-\x1f]*$", error="Must not hold control characters.")
"""Accepts text without control characters, which storage and log lines could not keep apart."""
