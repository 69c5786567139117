"""Certify the small merchant, or one of its mutants, and say which checks it failed."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from payments_mock.certify.description import Description
from payments_mock.certify.reading import read_description
from payments_mock.certify.results import Grade, ScenarioResult
from payments_mock.certify.runner import run_all, set_up
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scenarios.all import SCENARIOS
from testkit.processes import free_port
from tests.certify.merchant.mutants import MERCHANTS
from tests.certify.merchant.orders import SEATS
from tests.certify.merchant.provider import TIMEOUT_SECONDS
from tests.certify.merchant.shop import SIGNING_KEY

HERE = Path(__file__).parent
JOBS = 12
FAILED = frozenset({Grade.BREAKS, Grade.WARNS, Grade.INCONCLUSIVE})


@dataclass(frozen=True)
class Verdict:
    """How a merchant came out: the results, and the checks that it failed."""

    results: tuple[ScenarioResult, ...]

    @property
    def failed(self) -> frozenset[str]:
        """The checks that do not hold, in whichever scenario."""
        return frozenset(
            finding.check for one in self.results for finding in one.findings if finding.grade in FAILED
        )

    def graded(self, *grades: Grade) -> list[str]:
        """The scenarios that came out so, and why, for a person to read."""
        return [f"{one.id}: {explain(one)}" for one in self.results if one.grade in grades]


def explain(result: ScenarioResult) -> str:
    """Say why a scenario came out as it did."""
    found = [f"{one.check} ({one.sentence})" for one in result.worst_findings]
    return "; ".join([result.reason, *found]).strip("; ")


def description(merchant: str, contract: str | None = None, port: int | None = None) -> Description:
    """Describe the merchant of that name, which is started with the run."""
    contract = contract or MERCHANTS[merchant].contract
    values = {
        "CONTRACT": contract,
        "MUTANT": merchant,
        "PORT": str(free_port() if port is None else port),
        "PYTHON": sys.executable,
        "SEATS": ", ".join(f'"{seat}"' for seat in SEATS),
        "SIGNING_KEY": SIGNING_KEY,
        "TIMEOUT": str(TIMEOUT_SECONDS),
    }
    text = (HERE / f"merchant-{contract}.toml").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return read_description(text, f"merchant-{contract}.toml")


def certify(
    described: Description,
    scenarios: Iterable[Scenario] = SCENARIOS,
    provider_url: str | None = None,
    told: Callable[[ScenarioResult], None] = lambda _: None,
) -> Verdict:
    """Run scenarios against a merchant, with a provider of the run's own or one that runs already."""
    results: list[ScenarioResult] = []

    def take(result: ScenarioResult) -> None:
        results.append(result)
        told(result)

    with set_up(described, provider_url) as bench:
        chosen = list(scenarios)
        run_all(bench, chosen, JOBS, take)
        # On a busy machine a merchant may try again before its turn at a gate; that is no verdict yet.
        missed = {one.id for one in results if one.grade is Grade.UNTESTED}
        results = [one for one in results if one.id not in missed]
        if missed:
            run_all(bench, [one for one in chosen if one.id in missed], 1, take)
    return Verdict(tuple(results))
