"""Merchants that get one thing wrong each, by name; each says in a sentence what."""

import re
from typing import Final

from tests.certify.merchant.mutants import (
    answers,
    broad,
    charges,
    goods,
    handing_out,
    refunds,
    stuck,
    twice,
    webhooks,
)
from tests.certify.merchant.shop import SHAPES, Shop


def name_of(mutant: type[Shop]) -> str:
    """Name a mutant: LosesHeart becomes loses-heart."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", mutant.__name__).lower()


def mutants_of(module: object) -> dict[str, type[Shop]]:
    """Find the mutants that a module defines."""
    found = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Shop)]
    found = [one for one in found if not one.__name__.startswith("_")]
    return {name_of(one): one for one in found if one.__module__ == getattr(module, "__name__", None)}


MUTANTS: Final = {
    name: mutant
    for module in (answers, broad, charges, goods, handing_out, refunds, stuck, twice, webhooks)
    for name, mutant in mutants_of(module).items()
}
MERCHANTS: Final[dict[str, type[Shop]]] = {**SHAPES, **MUTANTS}
