"""Certify the small merchant, or one of its mutants, and say which checks it failed."""

import sys
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from payments_mock.certify.description import Description
from payments_mock.certify.reading import read_description
from payments_mock.certify.results import Grade, ScenarioResult
from payments_mock.certify.runner import run_all, set_up
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scenarios.catalog import SCENARIOS
from testkit.processes import free_port
from tests.certify.merchant.mutants import MERCHANTS
from tests.certify.merchant.orders import SEATS
from tests.certify.merchant.provider import TIMEOUT_SECONDS, Provider
from tests.certify.merchant.server import Server
from tests.certify.merchant.shop import SIGNING_KEY

HERE = Path(__file__).parent
JOBS = 10
AT_ONCE = 3
"""How many merchants are certified side by side; most of the time they wait for their own time-outs."""
FAILED = frozenset({Grade.BREAKS, Grade.WARNS, Grade.INCONCLUSIVE})


class Merchant(NamedTuple):
    """A sound merchant or a mutant, by name, and the contract that it speaks."""

    name: str
    contract: str

    def __str__(self) -> str:
        return f"{self.name} on the {self.contract} contract"


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

    def told_of(self, checks: Collection[str]) -> list[str]:
        """The scenarios in which these checks failed, and what was seen there."""
        return [
            f"{one.id}: {found.check} ({found.sentence})"
            for one in self.results
            for found in one.findings
            if found.check in checks and found.grade in FAILED
        ]


def explain(result: ScenarioResult) -> str:
    """Say why a scenario came out as it did."""
    found = [f"{one.check} ({one.sentence})" for one in result.worst_findings]
    return "; ".join([result.reason, *found]).strip("; ")


def description(merchant: str, contract: str | None = None, port: int | None = None) -> Description:
    """Describe the merchant of that name, which is started with the run."""
    contract = contract or MERCHANTS[merchant].contract
    values = {
        "AT_PROVIDER": MERCHANTS[merchant].order_at_provider.replace("\\", "\\\\"),
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


@contextmanager
def served(merchant: Merchant, provider_url: str) -> Iterator[Description]:
    """Serve a merchant in this process, and describe it."""
    key = f"test_sk_{uuid.uuid4().hex}"
    shop = MERCHANTS[merchant.name](Provider(provider_url, key), has_window=merchant.contract == "toss")
    with Server(0, shop) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        described = description(merchant.name, merchant.contract, server.server_port)
        yield replace(described, start=(), environment={}, secret_key=key)
        server.shutdown()
        thread.join()


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
        run_all(bench, list(scenarios), JOBS, take)
    return Verdict(tuple(results))


def certify_all(
    merchants: Iterable[Merchant], provider_url: str, at_once: int = AT_ONCE
) -> Mapping[Merchant, Verdict]:
    """Certify many merchants side by side, each with a sandbox of its own at one provider."""

    def certified(merchant: Merchant) -> Verdict:
        with served(merchant, provider_url) as described:
            return certify(described, provider_url=provider_url)

    wanted = list(merchants)
    with ThreadPoolExecutor(at_once) as pool:
        return dict(zip(wanted, pool.map(certified, wanted), strict=True))
