"""Certify tells sound merchants from those that get one thing wrong, and says which thing it is.

Each mutant fails the checks that are its own, and no others; a sound merchant fails none. A few of them run
with every change, and all in CI, or by `make mutants`: side by side, as most of the time they wait for their
own time-outs.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping

import pytest

from payments_mock.certify.checks import CHECK_BY_ID, PITFALLS
from payments_mock.certify.results import Grade
from testkit.depth import depth
from testkit.processes import ServerProcess, start_server
from tests.certify.merchant.mutants import MERCHANTS, MUTANTS
from tests.certify.merchant.shop import SHAPES
from tests.certify.verdicts import Merchant, Verdict, certify_all

ALONE = pytest.mark.skipif("MUTANTS" not in os.environ, reason="takes minutes; `make mutants` runs it")
SERVE = (sys.executable, "-m", "payments_mock", "serve", "--port", "0", "--log-format", "none")
BATCHES = 4
"""Each is a process, or part of one: threads of one process have one core."""
SOUND = tuple(Merchant(shape, contract) for shape in SHAPES for contract in ("toss", "kiosk"))
A_FEW = depth(
    (SOUND[0], SOUND[1], Merchant("keys-by-order", "toss"), Merchant("believes-canceled", "toss")),
    (SOUND[1], Merchant("keys-by-order", "toss")),
)
"""At least one merchant a contract. Outside its own mistake, a mutant is a sound merchant too."""
EVERYBODY = (*SOUND, *(Merchant(name, mutant.contract) for name, mutant in MUTANTS.items()))
CAUGHT = {check for mutant in MUTANTS.values() for check in mutant.own}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A provider at which each merchant has a sandbox of its own."""
    server = start_server(SERVE, tmp_path_factory.mktemp("provider"))
    yield server
    server.kill()


def misjudged(verdicts: Mapping[Merchant, Verdict]) -> str:
    """Describe the results that differ from the expected ones, for the report of a failed test."""
    wrong: dict[str, object] = {}
    for merchant, verdict in verdicts.items():
        shop = MERCHANTS[merchant.name]
        still_open = verdict.graded(Grade.SUITE_ERROR, *() if shop.can_miss else (Grade.UNTESTED,))
        says_nothing = not (shop.own or verdict.graded(Grade.SURVIVES))
        if verdict.failed != shop.own or still_open or says_nothing:
            not_caught = sorted(shop.own - verdict.failed)
            more = verdict.told_of(verdict.failed - shop.own)
            wrong[str(merchant)] = {"not caught": not_caught, "more": more, "open": still_open}
    return json.dumps(wrong, indent=1) if wrong else ""


@pytest.mark.skipif("MUTANTS" in os.environ, reason="all of them are certified")
def test_a_sound_merchant_fails_nothing_and_a_mutant_what_is_its_own(provider: ServerProcess) -> None:
    wrong = misjudged(certify_all(A_FEW, provider.url))

    assert not wrong, wrong


@ALONE
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_merchant_of_all_fails_another_check_than_its_own(provider: ServerProcess, batch: int) -> None:
    wrong = misjudged(certify_all(EVERYBODY[batch::BATCHES], provider.url))

    assert not wrong, wrong


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


def test_each_check_has_a_mutant() -> None:
    assert CHECK_BY_ID.keys() - CAUGHT == set()
