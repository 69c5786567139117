"""Certify tells sound merchants from those that get one thing wrong, and says which thing it is.

Each mutant fails the checks that are its own, and no others; a sound merchant fails none. A few of them run
with every change, and all by `make mutants`: each takes a quarter of a minute of an idle machine, and beside
other tests those that race may fail one check more.
"""

import os
from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet

from payments_mock.certify.checks import CHECK_BY_ID, PITFALLS, Invariant
from payments_mock.certify.results import Grade
from tests.certify.merchant.mutants import MUTANTS
from tests.certify.merchant.shop import SHAPES
from tests.certify.verdicts import Verdict, certify, description

ALONE = pytest.mark.skipif("MUTANTS" not in os.environ, reason="takes a while alone; `make mutants` runs it")
OPEN = (Grade.UNTESTED, Grade.SUITE_ERROR)
A_FEW = ("keys-by-order", "believes-canceled")
CAUGHT = {check for mutant in MUTANTS.values() for check in mutant.own}


def few_or_all(names: Iterable[str], few: Iterable[str]) -> list[ParameterSet]:
    """Leave all but a few to `make mutants`."""
    return [pytest.param(name, marks=[] if name in few else [ALONE]) for name in names]


def told(verdict: Verdict) -> str:
    """Tell what failed, for whoever reads the failure of a test."""
    return "\n".join(verdict.graded(Grade.BREAKS, Grade.INCONCLUSIVE, Grade.WARNS, *OPEN))


@pytest.mark.parametrize("contract", ["toss", "kiosk"])
@pytest.mark.parametrize("shape", few_or_all(SHAPES, ["sound"]))
def test_a_sound_merchant_fails_nothing(shape: str, contract: str) -> None:
    verdict = certify(description(shape, contract))

    assert told(verdict) == ""
    assert verdict.graded(Grade.SURVIVES)


@pytest.mark.parametrize("mutant", few_or_all(MUTANTS, A_FEW))
def test_a_mutant_fails_its_own_checks_and_no_others(mutant: str) -> None:
    verdict = certify(description(mutant))

    assert verdict.failed == MUTANTS[mutant].own, told(verdict)
    assert not verdict.graded(*OPEN)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_says_what_it_does_wrong(mutant: str) -> None:
    said = MUTANTS[mutant].__doc__ or ""

    assert said.endswith(".")
    assert MUTANTS[mutant].own


def test_there_are_at_least_45_mutants() -> None:
    assert len(MUTANTS) >= 45


def test_what_mutants_fail_are_checks() -> None:
    assert CHECK_BY_ID.keys() >= CAUGHT


def test_each_pitfall_has_a_mutant() -> None:
    assert {check.partition("/")[0] for check in CAUGHT} == {pitfall.id for pitfall in PITFALLS}


def test_each_invariant_and_each_check_of_a_pitfall_s_own_has_a_mutant() -> None:
    caught_invariants = {check.partition("/")[2] for check in CAUGHT} & set(Invariant)
    own = {check for check in CHECK_BY_ID if check.partition("/")[2] not in set(Invariant)}

    assert caught_invariants == set(Invariant)
    assert own <= CAUGHT
