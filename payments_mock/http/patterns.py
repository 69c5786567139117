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

WITHOUT_NUL: Final = r"^[^\x00]*$"
"""Describes text that databases can store."""

_LEAP_YEARS_FROM_2000: Final = r"(?:[048]00|[0-9](?:0[48]|[2468][048]|[13579][26]))"
_LEAP_YEARS: Final = rf"(?:19(?:7[26]|8[048]|9[26])|2{_LEAP_YEARS_FROM_2000})"
_DAY_OF_ANY_YEAR: Final = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)

_PORT: Final = r"(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST: Final = rf"(?:(?:{_LABEL}\.)+[A-Za-z]{{2,63}}|{_LABEL}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})"

WEB_ADDRESS: Final = rf"https?://{_HOST}(?::{_PORT})?(?:/?|[/?#][^\s\\\x00-\x1f]+)"
"""Describes an address of http or https, as it is written for machines."""

DAY: Final = rf"(?:(?:19[7-9][0-9]|2[0-9]{{3}})-{_DAY_OF_ANY_YEAR}|{_LEAP_YEARS}-02-29)"
"""Describes a day of the years 1970 to 2999, as ISO 8601 writes it."""

DAY_FROM_2000: Final = rf"(?:2[0-9]{{3}}-{_DAY_OF_ANY_YEAR}|2{_LEAP_YEARS_FROM_2000}-02-29)"
"""Describes a day of the years 2000 to 2999, as ISO 8601 writes it."""

OFFSET: Final = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
"""Describes how far a clock is from UTC, as ISO 8601 writes it."""

TIME_OF_DAY: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
"""Describes a time of a day to the second, as ISO 8601 writes it."""

SIX_DIGIT_DAY: Final = (
    r"(?:[0-9]{2}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    r"|02(?:0[1-9]|1[0-9]|2[0-8]))|(?:[02468][048]|[13579][26])0229)"
)
"""Describes a day as yyMMdd, of whichever century."""


def whole(pattern: str) -> str:
    """Return the pattern of text that `pattern` describes from its first character to its last."""
    return f"^(?:{pattern})$"
