"""The headers of a request as they came."""

from functools import lru_cache
from typing import Final

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, and values. Clients send the same again and again, so what is made of them is kept."""

_WITHOUT_PREFIX: Final = {"CONTENT_TYPE", "CONTENT_LENGTH"}


@lru_cache(maxsize=128)
def variables_of(headers: Headers) -> dict[str, str]:
    """Return the variables that stand for headers in a WSGI environment (PEP 3333), for reading only."""
    variables: dict[str, str] = {}
    for name, value in headers:
        variable = _variable(name)
        if variable is None:
            continue
        text = value.decode("latin-1")
        if variable in variables:
            separator = "; " if variable == "HTTP_COOKIE" else ","
            variables[variable] += separator + text
        else:
            variables[variable] = text
    return variables


@lru_cache(maxsize=256)
def _variable(header: bytes) -> str | None:
    """Return the variable of a header, or None for one that could pass itself off as another.

    `x_y` and `x-y` become the same variable, so whoever sent the first could speak for the second.
    """
    if b"_" in header:
        return None
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in _WITHOUT_PREFIX else "HTTP_" + name
