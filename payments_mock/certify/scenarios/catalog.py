"""All scenarios, in the order of their pitfalls, and the profiles, each a list of checks that is frozen."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from payments_mock.certify.checks import PITFALL_BY_ID
from payments_mock.certify.scenarios import Scenario, answers, refunds, shoppers, timing, webhooks

_GROUPS: Final = (answers, shoppers, webhooks, timing, refunds)

SCENARIOS: Final[tuple[Scenario, ...]] = tuple(
    sorted(
        (scenario for group in _GROUPS for scenario in group.SCENARIOS),
        key=lambda scenario: PITFALL_BY_ID[scenario.pitfall].number,
    )
)
SCENARIO_BY_ID: Final = {scenario.id: scenario for scenario in SCENARIOS}

_PROFILES: Final = ("card-2026",)
PROFILES: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(files("payments_mock.certify").joinpath(f"{name}.txt").read_text("utf-8").split())
    for name in _PROFILES
}
"""Checks by the profile that scores them; a check that is newer is told, and not scored, until the next."""
