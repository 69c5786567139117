"""All scenarios, in the order of their pitfalls, and the profiles that freeze a list of them."""

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
