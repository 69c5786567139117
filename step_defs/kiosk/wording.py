"""How the kiosk's features speak of numbers and goods."""

from collections.abc import Callable

from parse import with_pattern
from pytest_bdd import parsers

from testkit.kiosk.scene import Goods


@with_pattern(r"[\d,]+")
def _number(text: str) -> int:
    return int(text.replace(",", ""))


@with_pattern(r"\d+ [A-Z][\w' ]*?(?: and \d+ [A-Z][\w' ]*?)*")
def _goods(text: str) -> Goods:
    counted = (part.partition(" ") for part in text.split(" and "))
    return {name: int(count) for count, _, name in counted}


_TYPES: dict[str, Callable[[str], object]] = {"Number": _number, "Goods": _goods}


def sentence(text: str) -> parsers.cfparse:
    """Return the parser of a step that may speak of numbers and of goods, such as "2 Popcorn and 1 Cola"."""
    return parsers.cfparse(text, extra_types=_TYPES)
