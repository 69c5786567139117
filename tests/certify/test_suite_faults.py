"""No scenario blames a merchant for faults of the suite itself."""

import random
import sys
from pathlib import Path

import pytest

from payments_mock.certify.description import Description
from payments_mock.certify.processes import StartFailedError
from payments_mock.certify.results import Grade, ScenarioResult
from payments_mock.certify.runner import set_up
from payments_mock.certify.scenarios.catalog import SCENARIOS
from testkit.depth import depth, waits_for_ci
from testkit.processes import start_server
from tests.certify.verdicts import certify, description

SERVE = (sys.executable, "-m", "payments_mock", "serve", "--port", "0")
BLAMED = (Grade.BREAKS, Grade.WARNS)
ROUNDS = depth(6, 1)
SOME = depth(SCENARIOS, SCENARIOS[::3])


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_provider_that_dies_amid_the_scenarios_blames_nobody(tmp_path: Path, seed: int) -> None:
    provider = start_server(SERVE, tmp_path)
    after = random.Random(seed).randrange(len(SOME) - 12)
    finished: list[ScenarioResult] = []

    def told(result: ScenarioResult) -> None:
        finished.append(result)
        if len(finished) == after:
            provider.kill()

    try:
        verdict = certify(description("sound"), SOME, provider.url, told)
    finally:
        provider.kill()

    assert not verdict.graded(*BLAMED)
    assert verdict.graded(Grade.SUITE_ERROR)


@waits_for_ci
def test_a_disk_that_fills_up_blames_nobody(tmp_path: Path) -> None:
    # No file may grow beyond this, as on a full disk; the schema alone fits.
    serve = [
        "bash",
        "-c",
        'ulimit -f 700; exec "$@"',
        "bash",
        *SERVE,
        "--data",
        str(tmp_path / "provider.db"),
    ]
    provider = start_server(serve, tmp_path)
    try:
        verdict = certify(description("sound"), provider_url=provider.url)
    finally:
        provider.kill()

    assert not verdict.graded(*BLAMED)
    assert verdict.graded(Grade.SUITE_ERROR, Grade.INCONCLUSIVE, Grade.UNTESTED)


def test_a_port_that_is_taken_is_said_before_anything_runs(tmp_path: Path) -> None:
    somebody = start_server(SERVE, tmp_path)
    port = int(somebody.url.rpartition(":")[2])
    shop = description("sound")
    wanted = Description(**{**vars(shop), "provider_port": port})

    try:
        with pytest.raises(StartFailedError, match="provider did not start") as failure, set_up(wanted):
            pytest.fail("nothing may run")
    finally:
        somebody.kill()

    told = str(failure.value)
    assert "choose another with merchant.provider_port in the file" in told
    assert told.endswith(f", or use the provider that runs there with --provider-url {somebody.url}")
